import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, type Studio, skippedWithout, startStudio } from '../browser/studio.fixture.ts';
import { deployPosting, order, startErp } from './erp.fixture.ts';

const many = 50;

describe.skipIf(!hasBrowser)(`an operator clears yesterday's failures${skippedWithout}`, () => {
  let studio: Studio;
  let erp: Awaited<ReturnType<typeof startErp>>;
  let connection: string;
  beforeAll(async () => {
    [studio, erp] = await Promise.all([startStudio(), startErp()]);
    connection = await deployPosting(studio, `${erp.url}/wrong`);
    for (let n = 1; n <= many; n++) await studio.call('POST', '/flows/post-orders/run', order(n));
  });
  afterAll(async () => {
    await studio?.stop();
    await erp?.stop();
  });

  test('R-X4 fifty failed runs: filtered, read why, the connection mended, all retried and watched as they go green', async () => {
    const page = await studio.visit();
    await page.getByRole('link', { name: 'Dead letters', exact: true }).click();
    const alike = page.getByRole('region', { name: 'What went wrong' }).getByRole('button', { name: /HTTP_404/ });
    await alike.getByText(String(many), { exact: true }).waitFor();
    await alike.click();
    await page.getByText(`${many} fit`).waitFor();

    await page.getByRole('row').filter({ hasText: 'HTTP_404' }).first().getByRole('link').click();
    await page.getByRole('alert').getByText('HTTP_404').waitFor();
    await page.getByRole('alert').getByText('no such place').waitFor();
    const mended = { config: { baseUrl: `${erp.url}/orders`, auth: 'none' } };
    await studio.call('PUT', `/connections/${connection}`, mended);
    await page.goBack();

    await page.getByRole('button', { name: `Retry all ${many}` }).click();
    const progress = page.getByRole('region', { name: 'Progress' });
    await progress.getByText('Done', { exact: true }).waitFor();
    await progress.getByText(`${many} of ${many}`).waitFor();
    await progress.getByText(`${many} succeeded · 0 under way · 0 failed again`).waitFor({ timeout: 60_000 });
    await page.getByText('No such dead letters').waitFor();
    expect(new Set(erp.taken).size).toBe(many);
    expect(erp.taken).toHaveLength(many);
    expect(studio.faults).toEqual([]);
  });

  test('R-X4 a selection is set aside, and found again with why', async () => {
    await studio.call('PUT', `/connections/${connection}`, { config: { baseUrl: `${erp.url}/wrong`, auth: 'none' } });
    await studio.call('POST', '/flows/post-orders/run', order(99));
    const page = await studio.visit();
    await page.getByRole('link', { name: 'Dead letters', exact: true }).click();
    await page.getByRole('checkbox', { name: /^Select Post orders/ }).check();
    await page.getByRole('button', { name: 'Set 1 aside…' }).click();
    const asking = page.getByRole('dialog', { name: 'Set 1 failed run aside?' });
    await asking.getByRole('textbox').fill('Sent by phone');
    await asking.getByRole('button', { name: 'Set aside' }).click();
    await page.getByText('Nothing has failed for good.').waitFor();
    await page.getByText('Set aside', { exact: true }).first().click();
    await page.getByText('Sent by phone').waitFor();
  });
});
