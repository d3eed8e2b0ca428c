import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What moves on its way to another look; what turns for ever does not end. */
const atRest = `Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition)
  .map(({ finished }) => finished)).then(() => true)`;

/** What axe finds wrong on the page as it is, in words that lead to the place. */
export async function violationsOn(page: Page): Promise<string[]> {
  await page.mouse.move(0, 0);
  await page.getByRole('tooltip').waitFor({ state: 'detached' });
  await page.evaluate(atRest);
  // No page of ours has frames: what axe does for those, in a page of its own each time, is left out.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary, html }) => `${id}: ${target} ${failureSummary} ${html}`),
  );
}
