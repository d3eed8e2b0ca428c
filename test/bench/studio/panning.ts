import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { hasBrowser, type Studio, skippedWithout, startStudio } from '../../browser/studio.fixture.ts';

/** How fast a flow of 500 nodes is moved, on this machine, now; 55 frames a second are wanted. */
const nodes = 500;
const columns = 20;
const seconds = 5;
const wanted = 55;

describe.skipIf(!hasBrowser)(`panning${skippedWithout}`, () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await startStudio();
    await studio.call('POST', '/flows', largeFlow());
  });
  afterAll(() => studio?.stop());

  test('a flow of 500 nodes', async () => {
    const page = await studio.visit();
    await page.getByRole('link', { name: 'Large', exact: true }).click();
    await page.locator('.react-flow__node').first().waitFor();
    await page.getByRole('button', { name: 'No problems' }).waitFor({ timeout: 60_000 });
    for (const zoom of ['all of it in view', 'at actual size']) {
      await page.keyboard.press(zoom === 'at actual size' ? '1' : '0');
      const { frames, longest } = await pan(page);
      console.log(
        `${nodes} nodes, ${zoom}: ${frames} frames a second, the longest took ${longest} ms (${wanted} wanted)`,
      );
    }
  });
});

/** Moves the canvas by the mouse for some seconds; frames are those that the browser's own trace has as drawn. */
async function pan(page: Page): Promise<{ frames: number; longest: number }> {
  const browser = page.context().browser();
  const box = await page.locator('.react-flow__pane').boundingBox();
  if (!browser || !box) throw new Error('There is no canvas to move.');
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, box.y + 8);
  await page.mouse.down();
  await browser.startTracing(page, {
    categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline.frame'],
  });
  const end = performance.now() + seconds * 1000;
  for (let step = 0; performance.now() < end; step++) {
    await page.mouse.move(middle.x + 300 * Math.sin(step / 40), middle.y + 200 * Math.cos(step / 40));
  }
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: { name: string; ts: number }[] };
  await page.mouse.up();
  const drawn = trace.traceEvents.filter(({ name }) => name === 'DrawFrame').map(({ ts }) => ts / 1000);
  drawn.sort((a, b) => a - b);
  const pauses = drawn.slice(1).map((at, index) => at - (drawn[index] ?? at));
  const took = (drawn.at(-1) ?? 0) - (drawn[0] ?? 0);
  return { frames: Math.round((pauses.length / took) * 1000), longest: Math.round(Math.max(0, ...pauses)) };
}

function largeFlow() {
  const ids = Array.from({ length: nodes }, (_, index) => `n${index}`);
  const type = (index: number) =>
    index === 0 ? { type: 'core/manual', config: {} } : { type: 'core/map', config: { expression: '$' } };
  const places = ids.map(
    (id, index) => [id, { x: (index % columns) * 320, y: Math.floor(index / columns) * 116 }] as const,
  );
  return {
    flow: {
      format: 1,
      id: 'large',
      name: 'Large',
      nodes: Object.fromEntries(ids.map((id, index) => [id, { ...type(index), version: 1 }])),
      edges: ids.slice(1).map((to, index) => ({ from: ids[index], to })),
    },
    layout: { nodes: Object.fromEntries(places) },
    samples: {},
    tests: {},
    records: [],
  };
}
