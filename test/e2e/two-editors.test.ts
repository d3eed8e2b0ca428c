import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { box, openSettings } from '../browser/flow-page.ts';
import { reach } from '../browser/keyboard.ts';
import { hasBrowser, type Studio, skippedWithout, startStudio } from '../browser/studio.fixture.ts';
import { usedBy, ways } from './ways.ts';

const node = (type: string, title: string, config: object = {}) => ({ type, version: 1, title, config });
const flow = {
  format: 1,
  id: 'shared',
  name: 'Shared flow',
  nodes: {
    start: node('core/manual', 'Begin'),
    total: node('core/map', 'Total', { expression: '{ "total": price * 2 }' }),
    label: node('core/map', 'Label', { expression: '{ "text": $string($steps.total.total) }' }),
  },
  edges: [
    { from: 'start', to: 'total' },
    { from: 'total', to: 'label' },
  ],
};
const samples = { one: { price: 21 } };

describe.skipIf(!hasBrowser).each(ways)(
  `R-X4 flows are edited by $way, at once, offline and in other tools${skippedWithout}`,
  (way) => {
    let studio: Studio;
    beforeAll(async () => {
      studio = usedBy(way, await startStudio());
      await studio.call('POST', '/flows', { flow, layout: { nodes: {} }, samples, tests: {}, records: [] });
    });
    afterAll(() => studio?.stop());
    afterEach(() => expect(studio.faults).toEqual([]));

    const open = async (permissions: string[] = []) => {
      const page = await studio.visit({ permissions });
      await page.getByRole('link', { name: 'Shared flow', exact: true }).click();
      await box(page, 'Begin').waitFor();
      return page;
    };
    /** Enter would lead on into the node's settings. */
    const select = async (page: Page, title: string) => {
      if (way.way === 'mouse') return box(page, title).click();
      await reach(page, box(page, title));
      await page.keyboard.press('Space');
    };
    const saved = async () =>
      ((await studio.call('GET', '/flows/shared')) as { bundle: { flow: typeof flow } }).bundle.flow;

    test('an edit saves by itself; while the server cannot be reached it is kept, through a reload too', async () => {
      const page = await open();
      await rename(page, 'Total', 'Sum');
      await expect.poll(async () => (await saved()).nodes.total.title, { timeout: 15_000 }).toBe('Sum');

      await page.route('**/api/v1/flows/shared', (route) =>
        route.request().method() === 'PUT' ? route.abort() : route.continue(),
      );
      await rename(page, 'Sum', 'Grand total');
      await page.getByText('Kept in this browser').waitFor();
      await page.reload();
      await box(page, 'Grand total').waitFor();
      expect((await saved()).nodes.total.title).toBe('Sum');
      await page.unroute('**/api/v1/flows/shared');
      await expect.poll(async () => (await saved()).nodes.total.title, { timeout: 15_000 }).toBe('Grand total');
      await page.context().close();
    });

    test('what two people edit at once is shown as a conflict; nothing is overwritten, and both can be kept', async () => {
      const [mine, theirs] = [await open(), await open()];
      await mine.route('**/api/v1/flows/shared', (route) =>
        route.request().method() === 'PUT' ? route.abort() : route.continue(),
      );
      await rename(mine, 'Label', 'My label');
      await mine.getByText('Kept in this browser').waitFor();
      await rename(theirs, 'Label', 'Their label');
      await expect.poll(async () => (await saved()).nodes.label.title, { timeout: 15_000 }).toBe('Their label');
      await mine.unroute('**/api/v1/flows/shared');
      const notice = mine.getByRole('alert').filter({ hasText: 'Someone else saved this flow' });
      await notice.waitFor();
      expect((await saved()).nodes.label.title).toBe('Their label');
      const downloading = mine.waitForEvent('download');
      await notice.getByRole('button', { name: 'Export mine' }).click();
      expect(readFileSync(await (await downloading).path(), 'utf8')).toContain('My label');
      await notice.getByRole('button', { name: 'Load theirs, discard mine' }).click();
      await box(mine, 'Their label').waitFor();
      await notice.waitFor({ state: 'detached' });
      for (const page of [mine, theirs]) await page.context().close();
    });

    test('nodes are copied as JSON into a text editor, changed there, and pasted back', async () => {
      const page = await open(['clipboard-read', 'clipboard-write']);
      await select(page, 'Grand total');
      await page.keyboard.press('Control+c');
      await page.getByText('1 node copied as JSON').waitFor();
      const text = String(await page.evaluate('navigator.clipboard.readText()'));
      expect(JSON.parse(text).nodes.total).toMatchObject({ type: 'core/map', title: 'Grand total' });
      const changed = JSON.stringify(text.replace('Grand total', 'Net total'));
      await page.evaluate(`navigator.clipboard.writeText(${changed})`);
      await page.keyboard.press('Control+v');
      await box(page, 'Net total').waitFor();
      await expect.poll(async () => Object.keys((await saved()).nodes), { timeout: 15_000 }).toContain('total-2');
      await page.context().close();
    });

    test('a node is tried between what it gets and gives; with pinned data, and marked when that is old', async () => {
      const page = await open();
      await openWithData(page, 'Their label');
      const view = page.getByRole('region', { name: 'Node', exact: true });
      await view.getByRole('button', { name: 'Run to here' }).click();
      await view.getByRole('region', { name: 'Output' }).getByText('"42"').waitFor({ timeout: 60_000 });
      await view.getByRole('region', { name: 'Input' }).getByText('42').first().waitFor();
      await page.getByRole('button', { name: 'Back to the flow' }).click();
      await openWithData(page, 'Grand total');
      await view.getByRole('button', { name: 'Pin data…' }).click();
      await page.getByRole('textbox', { name: 'Pinned data' }).fill('{"total": 7}');
      await page.getByRole('button', { name: 'Pin', exact: true }).click();
      await page.getByText('Pinned: used when you try the flow').waitFor();
      await page.getByRole('button', { name: 'Back to the flow' }).click();
      await openWithData(page, 'Their label');
      await view.getByRole('button', { name: 'Run this node' }).click();
      await view.getByRole('region', { name: 'Output' }).getByText('"7"').waitFor({ timeout: 60_000 });
      expect(JSON.stringify(await studio.call('GET', '/flows/shared'))).not.toContain('"total":7');
      await page.context().close();
    }, 200_000);
  },
);

async function openWithData(page: Page, title: string): Promise<void> {
  const settings = await openSettings(page, title);
  await settings.getByRole('button', { name: 'Open with its data' }).click();
}

async function rename(page: Page, from: string, to: string): Promise<void> {
  await box(page, from).click();
  await page.getByRole('textbox', { name: 'Title', exact: true }).fill(to);
}
