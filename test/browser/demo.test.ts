import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { box, flowName, openFlow } from './flow-page.ts';
import { hasBrowser, type Studio, skippedWithout, startStudio } from './studio.fixture.ts';

const template = fileURLToPath(new URL('../../flows/order-export-dropzone', import.meta.url));

describe.skipIf(!hasBrowser)(`the demo in a real browser${skippedWithout}`, () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await startStudio();
  });
  afterAll(() => studio.stop());
  afterEach(() => expect(studio.faults).toEqual([]));

  test('R-X4 the printed address opens the studio signed in, with the demo’s flow and its run', async () => {
    const page = await studio.visit();
    const flow = page.getByRole('listitem').filter({ hasText: flowName });
    await flow.getByText('1 succeeded').waitFor();
    expect(await page.title()).toContain('Flows');
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    const row = page.getByRole('row').filter({ hasText: flowName });
    await row.getByText('Succeeded').waitFor();
    expect(await row.count()).toBe(1);
  });

  test('R-X4 the flow is drawn with every node and line of its document', async () => {
    const { nodes, edges } = JSON.parse(readFileSync(join(template, 'flow.json'), 'utf8'));
    const page = await studio.visit();
    await openFlow(page);
    const titles = Object.values<{ title: string }>(nodes).map(({ title }) => title);
    const drawn = page.locator('.react-flow__node');
    expect(await drawn.count()).toBe(titles.length);
    for (const title of titles) expect(await box(page, title).count()).toBeGreaterThan(0);
    expect(await page.locator('.react-flow__edge').count()).toBe(edges.length);
    await page.getByRole('button', { name: 'No problems' }).waitFor();
  });

  test('R-X4 an order that was sent by another system appears in the open list by itself', async () => {
    const page = await studio.visit();
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    const rows = page.getByRole('row').filter({ hasText: flowName });
    await rows.first().waitFor();
    const before = await rows.count();
    const sample = JSON.parse(readFileSync(join(template, 'samples', 'order.json'), 'utf8'));
    expect((await studio.sendOrder(sample)).ok).toBe(true);
    await rows.nth(before).waitFor();
    await expect.poll(() => page.getByText('Succeeded').count(), { timeout: 20_000 }).toBe(before + 1);
    expect(readdirSync(join(studio.home, 'demo', 'dropzone', 'archive'))).toHaveLength(2);
  });
});
