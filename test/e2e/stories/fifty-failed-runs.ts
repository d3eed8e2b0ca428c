import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Studio } from '../../browser/studio.fixture.ts';
import { deployPosting, order, startErp } from './erp.ts';

const many = 50;
const flow = { id: 'post-orders', name: 'Post orders' };

/** An operator clears yesterday's failures. */
export function fiftyFailedRuns(studio: () => Studio): void {
  describe('fifty failed runs', () => {
    let erp: Awaited<ReturnType<typeof startErp>>;
    let connection: string;
    beforeAll(async () => {
      erp = await startErp();
      connection = await deployPosting(studio(), flow, `${erp.url}/wrong`);
      const runs = Array.from({ length: many }, (_, n) => studio().call('POST', `/flows/${flow.id}/run`, order(n)));
      await Promise.all(runs);
    });
    afterAll(() => erp?.stop());

    test('R-X4 are filtered, understood, retried once their connection is mended, and watched as they go green', async () => {
      const page = await studio().visit();
      await page.getByRole('link', { name: 'Dead letters', exact: true }).click();
      const alike = page.getByRole('region', { name: 'What went wrong' }).getByRole('button', { name: /HTTP_404/ });
      await alike.getByText(String(many), { exact: true }).waitFor();
      await alike.click();
      await page.getByText(`${many} fit`).waitFor();
      await page.getByRole('row').filter({ hasText: 'HTTP_404' }).first().getByRole('link').click();
      await page.getByRole('alert').getByText('no such place').waitFor();

      await mendConnection(page, `${erp.url}/orders`);
      await page.getByRole('link', { name: 'Dead letters', exact: true }).click();
      await page.getByRole('button', { name: `Retry all ${many}` }).click();
      const progress = page.getByRole('region', { name: 'Progress' });
      await progress.getByText('Done', { exact: true }).waitFor();
      await progress.getByText(`${many} succeeded · 0 under way · 0 failed again`).waitFor({ timeout: 60_000 });
      await page.getByText('Nothing has failed for good.').waitFor();
      expect(new Set(erp.taken).size).toBe(many);
      expect(erp.taken).toHaveLength(many);
    });

    test('R-X4 a selection is set aside, and found again with why', async () => {
      const broken = { config: { baseUrl: `${erp.url}/wrong`, auth: 'none' } };
      await studio().call('PUT', `/connections/${connection}`, broken);
      await studio().call('POST', `/flows/${flow.id}/run`, order(99));
      const page = await studio().visit();
      await page.getByRole('link', { name: 'Dead letters', exact: true }).click();
      await page
        .getByRole('checkbox', { name: new RegExp(`^Select ${flow.name}`) })
        .first()
        .check();
      await page.getByRole('button', { name: 'Set 1 aside…' }).click();
      const asking = page.getByRole('dialog', { name: 'Set 1 failed run aside?' });
      await asking.getByRole('textbox').fill('Sent by phone');
      await asking.getByRole('button', { name: 'Set aside' }).click();
      await page.getByText('Nothing has failed for good.').waitFor();
      await page.getByText('Set aside', { exact: true }).first().click();
      await page.getByText('Sent by phone').waitFor();
    });
  });
}

async function mendConnection(page: Page, address: string): Promise<void> {
  await page.getByRole('link', { name: 'Connections', exact: true }).click();
  await page.getByRole('link', { name: flow.name, exact: true }).click();
  await page.getByRole('textbox', { name: 'Base address' }).fill(address);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Connection saved').waitFor();
}
