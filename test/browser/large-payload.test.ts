import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { misdirectApproval } from './approvals.ts';
import { hasBrowser, type Studio, skippedWithout, startStudio } from './studio.fixture.ts';

const items = 30_000;

describe.skipIf(!hasBrowser)(`a payload of 10 MB in a real browser${skippedWithout}`, () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await startStudio();
    await misdirectApproval(studio);
  });
  afterAll(() => studio.stop());
  afterEach(() => expect(studio.faults).toEqual([]));

  test('R-X4 is read in lines, searched to its end and downloaded whole, while the page goes on answering', async () => {
    const note = 'as agreed by telephone with the purchasing department of the other side; '.repeat(4);
    const lines = Array.from({ length: items }, (_, index) => ({ line_no: index + 1, sku: `SKU-${index + 1}`, note }));
    const payload = { number: 'PO-10', lines };
    const { runId } = (await studio.call('POST', '/flows/approvals/run', { payload })) as { runId: string };
    const page = await studio.visit();
    await page.goto(`${studio.url}/runs/${runId}`);
    await page.getByRole('button', { name: 'Open large: Payload' }).click();

    const dialog = page.getByRole('dialog', { name: 'Payload' });
    await dialog
      .getByRole('status')
      .getByText(/lines$/)
      .waitFor();
    expect(await dialog.getByRole('group', { name: 'Payload' }).locator('div div').count()).toBeLessThan(200);
    await dialog.getByRole('searchbox', { name: 'Search' }).fill(`SKU-${items}`);
    await dialog.getByRole('status').getByText('1 of 1').waitFor();
    await dialog.getByRole('button', { name: 'Next' }).click();
    await dialog.getByText(`"SKU-${items}"`).waitFor();

    const downloading = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Download' }).click();
    expect(JSON.parse(readFileSync(await (await downloading).path(), 'utf8'))).toEqual(payload);
  });
});
