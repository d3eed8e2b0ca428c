import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violationsOn } from './axe.ts';
import { prepareFilled, takeFilled, takeFirstSteps } from './filled-screens.ts';
import { box, flowName, openFlow, openMappingText, openSettings, typeAtEnd } from './flow-page.ts';
import { prepareOperating, takeOperating } from './operating-screens.ts';
import { wrongOrder } from './orders.ts';
import { takeDoors, takeRecords, takeSetup } from './setup-screens.ts';
import { hasBrowser, type Studio, skippedWithout, startStudio } from './studio.fixture.ts';
import { takeVersions } from './version-screens.ts';

const folder = join(tmpdir(), 'millrace-screens');
const ofTheReadme = fileURLToPath(new URL('../../docs/studio.png', import.meta.url));

const schemes = ['light', 'dark'] as const;
const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
];

/** Pictures of every screen, to be looked at, and the one in the README; axe looks at each as well. */
describe.skipIf(!hasBrowser)(`screens${skippedWithout}`, () => {
  let studio: Studio;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    studio = await startStudio();
    await studio.sendOrder(wrongOrder().wrong);
    await prepareOperating(studio);
    await prepareFilled(studio);
  });
  afterAll(async () => {
    await studio.stop();
    console.log(`The screens are in ${folder}, the README's in ${ofTheReadme}.`);
  });

  for (const colorScheme of schemes) {
    for (const viewport of sizes) {
      test(`every screen, ${colorScheme}, ${viewport.width} pixels wide`, async () => {
        const page = await studio.visit({ colorScheme, viewport });
        const wrong: string[] = [];
        const take = async (name: string) => {
          await picture(page, join(folder, `${colorScheme}-${viewport.width}-${name}.png`));
          wrong.push(...(await violationsOn(page)).map((violation) => `${name}: ${violation}`));
        };
        await takeFlow(page, take);
        await takeMapper(page, take);
        await takeVersions(page, take);
        await takeRuns(page, take);
        await takeOperating(page, take);
        await takeRecords(page, take);
        await takeSetup(page, take);
        await takeFilled(page, take);
        await takeFirstSteps(page, take);
        await takeDoors(studio, page, take);
        await page.context().close();
        expect(wrong).toEqual([]);
      });
    }
  }

  test('the picture in the README', async () => {
    const page = await studio.visit({ viewport: { width: 1600, height: 1000 } });
    await openRun(page, 'Succeeded');
    await box(page, 'ACKED').getByText('Done').waitFor();
    await picture(page, ofTheReadme);
  });
});

type Take = (name: string) => Promise<void>;

/** What is new on a page is drawn in the second frame at the latest. */
const twoFrames = 'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))';

async function picture(page: Page, path: string): Promise<void> {
  await page.evaluate(twoFrames);
  await page.screenshot({ path });
}

async function takeFlow(page: Page, take: Take): Promise<void> {
  await page.getByRole('link', { name: flowName, exact: true }).waitFor();
  await take('flows');
  await openFlow(page);
  await take('flow');
  const settings = await openSettings(page, 'Deliver to the ERP');
  await settings.getByRole('textbox', { name: 'Expression for File name' }).waitFor();
  await take('settings');
  await settings.getByRole('tab', { name: 'Wiring' }).click();
  await take('wiring');
  await settings.getByRole('tab', { name: 'Docs' }).click();
  await take('docs');
  await page.keyboard.press('n');
  await page.getByRole('option').first().waitFor();
  await take('palette');
  await page.keyboard.press('Escape');
  await page.getByRole('option').first().waitFor({ state: 'detached' });
  await page.keyboard.press('o');
  await page.getByRole('navigation', { name: 'Outline' }).waitFor();
  await take('outline');
  await page.keyboard.press('o');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await take('keys');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: /^Go to a page/ }).waitFor();
  await take('commands');
  await page.keyboard.press('Escape');
  await takeNodeView(page, take);
  for (const [button, title] of [
    ['Deploy', 'Deploy to production'],
    ['Run', 'Run this flow'],
  ] as const) {
    await page.getByRole('button', { name: button, exact: true }).click();
    const dialog = page.getByRole('dialog', { name: title });
    await dialog.getByRole('textbox').first().waitFor();
    await take(button.toLowerCase());
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  }
}

async function takeNodeView(page: Page, take: Take): Promise<void> {
  await box(page, 'Export document').dblclick();
  const view = page.getByRole('region', { name: 'Node', exact: true });
  await view.getByRole('button', { name: 'Run to here' }).click();
  await view.getByRole('region', { name: 'Output' }).getByText('export_version').waitFor({ timeout: 60_000 });
  await take('node');
  await page.getByRole('button', { name: 'Back to the flow' }).click();
}

async function takeMapper(page: Page, take: Take): Promise<void> {
  const text = await openMappingText(page);
  await page.getByText('Up to date').waitFor();
  await take('mapping-text');
  await page.getByText('Lines', { exact: true }).click();
  await page
    .getByRole('treeitem', { name: /^lines\[\]\.qty,/ })
    .last()
    .click();
  await take('mapping-lines');
  await page.getByText('Fields', { exact: true }).click();
  await page.getByRole('table').waitFor();
  await take('mapping-fields');
  await page.getByText('Text', { exact: true }).click();
  await typeAtEnd(page, text, ' &');
  await page.getByRole('alert').waitFor();
  await take('mapping-mistake');
  await page.getByRole('button', { name: 'Back to the flow' }).click();
  await page.getByRole('button', { name: '1 problem' }).click();
  await take('mistake');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await page.getByRole('button', { name: 'No problems' }).waitFor();
}

async function takeRuns(page: Page, take: Take): Promise<void> {
  await page.getByRole('link', { name: 'Runs', exact: true }).first().click();
  await page.getByRole('row').filter({ hasText: 'Failed' }).first().waitFor();
  await take('runs');
  await openRun(page, 'Failed');
  await take('run-refused');
  await openRun(page, 'Succeeded');
  await take('run');
  await box(page, 'Export document').click();
  await page.getByRole('region', { name: 'Output' }).waitFor();
  await take('run-step');
}

async function openRun(page: Page, status: string): Promise<void> {
  await page.getByRole('link', { name: 'Runs', exact: true }).first().click();
  await page.getByRole('row').filter({ hasText: status }).first().getByRole('link', { name: flowName }).click();
  await box(page, 'Order approved').getByText('Done').waitFor();
}
