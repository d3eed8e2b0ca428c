import type { Locator, Page } from 'playwright-core';

/** As many steps as nobody would want to make. */
const mostSteps = 120;

/** Goes to something by the Tab key. */
export async function reach(page: Page, goal: Locator): Promise<void> {
  await goal.waitFor({ state: 'attached' });
  for (let step = 0; step < mostSteps; step++) {
    // An editor of code has its focus inside a shadow root.
    if (await goal.evaluate((element) => element.getRootNode().activeElement === element)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key does not lead to ${goal}.`);
}

export async function enter(page: Page, goal: Locator): Promise<void> {
  await reach(page, goal);
  await page.keyboard.press('Enter');
}
