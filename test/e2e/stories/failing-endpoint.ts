import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { box } from '../../browser/flow-page.ts';
import type { Studio } from '../../browser/studio.fixture.ts';
import { deployPosting, order, postingFlow, startErp } from './erp.ts';

const flow = { id: 'send-orders', name: 'Send orders' };

/** Somebody finds out why a run has failed, and does it again on a mended version. */
export function failingEndpoint(studio: () => Studio): void {
  describe('an endpoint that fails', () => {
    let erp: Awaited<ReturnType<typeof startErp>>;
    beforeAll(async () => {
      erp = await startErp();
      await deployPosting(studio(), { ...flow, url: '/nowhere' }, `${erp.url}/orders`);
      await studio().call('POST', `/flows/${flow.id}/run`, order(1));
    });
    afterAll(() => erp?.stop());

    test('R-X4 is found and understood from the run; mended, the run is done again on the new version with another input', async () => {
      const page = await studio().visit();
      await page.getByRole('link', { name: 'Runs', exact: true }).click();
      await page.getByRole('row').filter({ hasText: 'Failed' }).getByRole('link', { name: flow.name }).click();
      await box(page, 'Post to the ERP').getByText('HTTP_404').waitFor();
      await box(page, 'Post to the ERP').click();
      const details = page.getByRole('complementary', { name: 'Run details' });
      await details.getByText('no such place').waitFor();

      await details.getByRole('button', { name: 'Open large: Input' }).click();
      const large = page.getByRole('dialog', { name: 'Input' });
      await large.getByRole('searchbox', { name: 'Search' }).fill('SKU');
      await large.getByText('1 of 1').waitFor();
      await page.keyboard.press('Escape');
      await large.waitFor({ state: 'detached' });

      await studio().call('PUT', `/flows/${flow.id}`, { revision: 1, bundle: postingFlow(flow) });
      await studio().call('POST', `/flows/${flow.id}/deploy`, {});
      await details.getByRole('button', { name: 'Run again from here' }).click();
      const again = page.getByRole('dialog', { name: 'Run again from a step' });
      await again.getByRole('radio', { name: /The one that serves now/ }).check();
      await again.getByRole('switch', { name: 'Edit what goes in' }).check();
      await again.getByRole('textbox', { name: 'Input' }).fill('{"number":"PO-1b"}');
      await again.getByRole('button', { name: 'Start' }).click();
      await page.getByRole('status').getByText('Succeeded').waitFor();
      expect(erp.taken).toEqual(['{"number":"PO-1b"}']);

      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Compare with…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Compare' }).click();
      await page.getByRole('table', { name: 'Input' }).getByText('/lines').waitFor();

      await page.getByRole('region', { name: 'This run' }).getByRole('link', { name: flow.name }).click();
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'Save as test' }).click();
      await page.getByText(/^Kept as the test/).waitFor();
    });
  });
}
