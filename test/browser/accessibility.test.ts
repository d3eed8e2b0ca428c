import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { box, flowName, openFlow, openMappingText, openSettings } from './flow-page.ts';
import { hasBrowser, type Studio, skippedWithout, startStudio } from './studio.fixture.ts';
import { takeVersions } from './version-screens.ts';

describe.skipIf(!hasBrowser)(`the studio for everyone, in a real browser${skippedWithout}`, () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await startStudio();
  });
  afterAll(() => studio.stop());
  afterEach(() => expect(studio.faults).toEqual([]));

  test.each(['light', 'dark'] as const)(
    'R-X4 axe finds nothing wrong with any page in %s',
    { timeout: 180_000 },
    async (colorScheme) => {
      // What is not about colours is the same in both.
      const rules = colorScheme === 'light' ? [] : ['color-contrast'];
      const page = await studio.visit({ colorScheme, reducedMotion: 'reduce' });
      await page.getByRole('link', { name: flowName, exact: true }).waitFor();
      expect(await violations(page, rules)).toEqual([]);
      await openFlow(page);
      expect(await violations(page, rules)).toEqual([]);
      const settings = await openSettings(page, 'Deliver to the ERP');
      await settings.getByRole('textbox', { name: 'Expression for File name' }).waitFor();
      expect(await violations(page, rules)).toEqual([]);
      await settings.getByRole('button', { name: 'Open with its data' }).click();
      await page.getByRole('region', { name: 'Output' }).waitFor();
      expect(await violations(page, rules)).toEqual([]);
      await page.getByRole('button', { name: 'Back to the flow' }).click();
      await page.getByRole('button', { name: 'Outline' }).click();
      await page.getByRole('navigation', { name: 'Outline' }).waitFor();
      expect(await violations(page, rules)).toEqual([]);
      await page.getByRole('button', { name: 'Search and commands' }).click();
      const commands = page.getByRole('dialog', { name: 'Commands' });
      await commands.waitFor();
      expect(await violations(page, rules)).toEqual([]);
      await page.keyboard.press('Escape');
      await commands.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Deploy' }).click();
      await page.getByRole('dialog').getByRole('textbox', { name: 'Acknowledgement due after' }).waitFor();
      expect(await violations(page, rules)).toEqual([]);
      await page.keyboard.press('Escape');
      await openMappingText(page);
      await page.getByText('Up to date').waitFor();
      expect(await violations(page, rules)).toEqual([]);
      await page.getByRole('link', { name: 'Runs', exact: true }).click();
      await page.getByRole('link', { name: flowName, exact: true }).last().click();
      await box(page, 'ACKED').getByText('Done').waitFor();
      expect(await violations(page, rules)).toEqual([]);
      await page.getByRole('link', { name: 'Runs', exact: true }).first().click();
      await page.getByRole('table').waitFor();
      expect(await violations(page, rules)).toEqual([]);
      await takeVersions(page, async (name) => expect(await violations(page, rules), name).toEqual([]));
    },
  );
});

/**
 * What axe finds, in words that lead to the place.
 * @param rules all where none are named
 */
async function violations(page: Page, rules: string[]): Promise<string[]> {
  // What is told of the thing under the pointer belongs to no landmark.
  const axe = new AxeBuilder({ page }).exclude('[role="tooltip"]');
  const found = await (rules.length === 0 ? axe : axe.withRules(rules)).analyze();
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
  );
}
