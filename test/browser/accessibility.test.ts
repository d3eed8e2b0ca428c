import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { violationsOn } from './axe.ts';
import { box, flowName, openFlow, openMappingText, openSettings } from './flow-page.ts';
import { prepareOperating, takeOperating } from './operating-screens.ts';
import { wrongOrder } from './orders.ts';
import { takeDoors, takeRecords, takeSetup } from './setup-screens.ts';
import { hasBrowser, type Studio, skippedWithout, startStudio } from './studio.fixture.ts';
import { takeVersions } from './version-screens.ts';

type Look = (name: string) => Promise<void>;

const patience = { timeout: 240_000 };

/** In light colours; `npm run screens` looks at the dark ones too. */
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

  /** What axe finds wrong on a walk through pages. */
  const found = async (walk: (page: Page, look: Look) => Promise<void>): Promise<string[]> => {
    const page = await studio.visit({ reducedMotion: 'reduce' });
    const wrong: string[] = [];
    await walk(page, async (name) => {
      wrong.push(...(await violationsOn(page)).map((violation) => `${name}: ${violation}`));
    });
    return wrong;
  };

  test('R-X4 axe finds nothing wrong where flows are drawn', patience, async () => {
    expect(await found(takeFlow)).toEqual([]);
  });

  test('R-X4 … nor with versions, tests, promotions and templates', patience, async () => {
    expect(await found(takeVersions)).toEqual([]);
  });

  test('R-X4 … nor with what is looked after and set up', patience, async () => {
    const wrong = await found(async (page, look) => {
      await page.getByRole('link', { name: 'Runs', exact: true }).click();
      const succeeded = page.getByRole('row').filter({ hasText: 'Succeeded' });
      await succeeded.getByRole('link', { name: flowName }).first().click();
      await box(page, 'Export document').click();
      await takeOperating(page, look);
      await takeRecords(page, look);
      await takeSetup(page, look);
      await takeDoors(studio, page, look);
    });
    expect(wrong).toEqual([]);
  });
});

async function takeFlow(page: Page, look: Look): Promise<void> {
  await page.getByRole('link', { name: flowName, exact: true }).waitFor();
  await look('flows');
  await openFlow(page);
  await look('flow');
  const settings = await openSettings(page, 'Deliver to the ERP');
  await settings.getByRole('textbox', { name: 'Expression for File name' }).waitFor();
  await look('settings of a node');
  await settings.getByRole('button', { name: 'Open with its data' }).click();
  await page.getByRole('region', { name: 'Output' }).waitFor();
  await look('a node with its data');
  await page.getByRole('button', { name: 'Back to the flow' }).click();
  await page.getByRole('button', { name: 'Outline' }).click();
  await page.getByRole('navigation', { name: 'Outline' }).waitFor();
  await look('outline');
  await page.getByRole('button', { name: 'Search and commands' }).click();
  const commands = page.getByRole('dialog', { name: 'Commands' });
  await commands.waitFor();
  await look('commands');
  await page.keyboard.press('Escape');
  await commands.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Deploy' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Acknowledgement due after' }).waitFor();
  await look('deploy');
  await page.keyboard.press('Escape');
  await openMappingText(page);
  await page.getByText('Up to date').waitFor();
  await look('mapping');
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await page.getByRole('link', { name: flowName, exact: true }).last().click();
  await box(page, 'ACKED').getByText('Done').waitFor();
  await look('run');
  await page.getByRole('link', { name: 'Runs', exact: true }).first().click();
  await page.getByRole('table').waitFor();
  await look('runs');
}
