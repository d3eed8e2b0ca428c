import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { box, flowName, openFlow, openMappingText, openSettings } from './flow-page.ts';
import { enter, reach } from './keyboard.ts';
import { hasBrowser, type Studio, skippedWithout, startStudio } from './studio.fixture.ts';

describe.skipIf(!hasBrowser)(`the studio for everyone, in a real browser${skippedWithout}`, () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await startStudio();
  });
  afterAll(() => studio.stop());
  afterEach(() => expect(studio.faults).toEqual([]));

  test.each(['light', 'dark'] as const)('R-X4 axe finds nothing wrong with any page in %s', async (colorScheme) => {
    const page = await studio.visit({ colorScheme, reducedMotion: 'reduce' });
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

  test('R-X4 a mapping is changed, saved, run and watched to ACKED by keyboard alone', async () => {
    const page = await studio.visit();
    await page.getByRole('link', { name: flowName, exact: true }).waitFor();
    await enter(page, page.getByRole('link', { name: flowName, exact: true }));
    await box(page, 'Export document').waitFor();
    await enter(page, box(page, 'Export document'));
    await enter(page, page.getByRole('button', { name: 'Open mapping' }));
    await reach(page, page.getByRole('radio', { name: 'Lines' }));
    await page.keyboard.press('ArrowRight');
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

/** What axe finds, in words that lead to the place. */
async function violations(page: Page): Promise<string[]> {
  const found = await new AxeBuilder({ page }).analyze();
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
  );
}
