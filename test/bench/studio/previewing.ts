import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openFlow, openSettings } from '../../browser/flow-page.ts';
import { hasBrowser, type Studio, skippedWithout, startStudio } from '../../browser/studio.fixture.ts';
import { median } from '../report/median.ts';

/** How soon a mapping's result is there after a key, on this machine, now; 50 ms are wanted. */
const orderLines = 100;
const keys = 40;
const wanted = 50;

const samplePath = fileURLToPath(new URL('../../../flows/order-export-dropzone/samples/order.json', import.meta.url));

describe.skipIf(!hasBrowser)(`previewing${skippedWithout}`, () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await startStudio();
    const path = '/flows/order-export-dropzone';
    const { revision, bundle } = (await studio.call('GET', path)) as { revision: number; bundle: object };
    await studio.call('PUT', path, { revision, bundle: { ...bundle, samples: { order: longOrder() } } });
  });
  afterAll(() => studio?.stop());

  test(`a mapping of an order of ${orderLines} lines`, async () => {
    const page = await studio.visit();
    await openFlow(page);
    await (await openSettings(page, 'Export document')).getByRole('button', { name: 'Open mapping' }).click();
    await page.getByRole('treeitem', { name: /^export_version,/ }).click();
    await page.getByRole('textbox', { name: 'From', exact: true }).click();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.getByText('Up to date').waitFor();
    await page.getByRole('textbox', { name: 'Result' }).waitFor();
    const took: number[] = [];
    for (let key = 0; key < keys; key++) took.push(await afterKey(page, String(key % 10)));
    const settled = took.slice(keys / 2).toSorted((one, other) => one - other);
    console.log(
      `${orderLines} lines: the result is there after ${median(settled).toFixed(0)} ms, at worst ${settled.at(-1)?.toFixed(0)} ms (${wanted} wanted)`,
    );
  });
});

/** Waits for the next key, in the page, for the milliseconds until the frame that shows another result. Editors are in shadow roots. */
const awaitKey = `{
  const roots = [...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? []);
  const [result] = roots.flatMap((root) => [...root.querySelectorAll('[aria-label="Result"]')]);
  globalThis.untilShown = new Promise((tell) => {
    let pressed, before;
    const press = () => { pressed = performance.now(); before = result.textContent; };
    addEventListener('keydown', press, { once: true, capture: true });
    const observer = new MutationObserver(() => {
      if (pressed === undefined || result.textContent === before) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => tell(performance.now() - pressed)));
    });
    observer.observe(result, { subtree: true, childList: true, characterData: true });
  });
  undefined;
}`;

async function afterKey(page: Page, key: string): Promise<number> {
  await page.evaluate(awaitKey);
  await page.keyboard.press(key);
  return page.evaluate<number>('untilShown');
}

function longOrder() {
  const order = JSON.parse(readFileSync(samplePath, 'utf8')) as { lines: object[] };
  return { ...order, lines: Array.from({ length: orderLines }, (_, at) => order.lines[at % order.lines.length]) };
}
