import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { box, flowName, openFlow, openMappingText, openSettings } from './flow-page.ts';
import { prepareOperating, takeOperating } from './operating-screens.ts';
import { wrongOrder } from './orders.ts';
import { takeDoors, takeRecords, takeSetup } from './setup-screens.ts';
import { hasBrowser, type Studio, skippedWithout, startStudio } from './studio.fixture.ts';

describe.skipIf(!hasBrowser)(`the studio for everyone, in a real browser${skippedWithout}`, () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await startStudio();
    await studio.sendOrder(wrongOrder().wrong);
    await prepareOperating(studio);
  });
  afterAll(() => studio.stop());
  afterEach(async () => {
    await studio.leave();
    expect(studio.faults).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('R-X4 axe finds nothing wrong with any page in %s', async (colorScheme) => {
    const page = await studio.visit({ colorScheme });
    await page.getByRole('link', { name: flowName, exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    await openFlow(page);
    expect(await violations(page)).toEqual([]);
    const settings = await openSettings(page, 'Deliver to the ERP');
    await settings.getByRole('textbox', { name: 'Expression for File name' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Deploy' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Acknowledgement due after' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await openMappingText(page);
    await page.getByText('Up to date').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.getByRole('link', { name: flowName, exact: true }).last().click();
    await box(page, 'ACKED').getByText('Done').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Runs', exact: true }).first().click();
    await page.getByRole('table').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  test.each(['light', 'dark'] as const)(
    'R-X4 … nor with what is looked after and set up in %s',
    async (colorScheme) => {
      const page = await studio.visit({ colorScheme });
      const wrong: string[] = [];
      const look = async (name: string) => {
        wrong.push(...(await violations(page, colorScheme)).map((violation) => `${name}: ${violation}`));
      };
      await page.getByRole('link', { name: 'Runs', exact: true }).click();
      await page
        .getByRole('row')
        .filter({ hasText: 'Succeeded' })
        .getByRole('link', { name: flowName })
        .first()
        .click();
      await box(page, 'Export document').click();
      await takeOperating(page, look);
      await takeRecords(page, look);
      await takeSetup(page, look);
      await takeDoors(studio, page, look);
      expect(wrong).toEqual([]);
    },
  );

  test('R-X4 a mapping is changed, saved, run and watched to ACKED by keyboard alone', async () => {
    const page = await studio.visit();
    await page.getByRole('link', { name: flowName, exact: true }).waitFor();
    await enter(page, page.getByRole('link', { name: flowName, exact: true }));
    await box(page, 'Export document').waitFor();
    await enter(page, box(page, 'Export document'));
    await enter(page, page.getByRole('button', { name: 'Open mapping' }));
    await reach(page, page.getByRole('radio', { name: 'Fields' }));
    await page.keyboard.press('ArrowRight');
    await reach(page, page.getByRole('textbox', { name: 'Expression' }));
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText(' ~> $sift(function($value) { true })');
    await page.getByText('Up to date').waitFor();
    await page.keyboard.press('Control+s');
    await page.getByRole('button', { name: 'Saved' }).waitFor();
    await enter(page, page.getByRole('button', { name: 'Run', exact: true }));
    await enter(page, page.getByRole('button', { name: 'Start run' }));
    await box(page, 'ACKED').getByText('Done').waitFor();
    await page.getByRole('status').getByText('Succeeded').waitFor();
  });
});

/** What axe finds, in words that lead to the place. What is dark differs from what is light by its colours alone. */
async function violations(page: Page, scheme: 'light' | 'dark' = 'light'): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const found = await (scheme === 'light' ? axe : axe.withRules(['color-contrast'])).analyze();
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
  );
}

const mostSteps = 80;

/** Goes to something by the Tab key. */
async function reach(page: Page, goal: Locator): Promise<void> {
  await goal.waitFor({ state: 'attached' });
  for (let step = 0; step < mostSteps; step++) {
    // An editor of code has its focus inside a shadow root.
    if (await goal.evaluate((element) => element.getRootNode().activeElement === element)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key does not lead to ${goal}.`);
}

async function enter(page: Page, goal: Locator): Promise<void> {
  await reach(page, goal);
  await page.keyboard.press('Enter');
}
