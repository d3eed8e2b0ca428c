import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { box } from '../browser/flow-page.ts';
import { hasBrowser, type Studio, skippedWithout, startStudio } from '../browser/studio.fixture.ts';
import { deployPosting, order, postingFlow, startErp } from './erp.fixture.ts';

describe.skipIf(!hasBrowser)(`an endpoint that fails${skippedWithout}`, () => {
  let studio: Studio;
  let erp: Awaited<ReturnType<typeof startErp>>;
  beforeAll(async () => {
    [studio, erp] = await Promise.all([startStudio(), startErp()]);
    await deployPosting(studio, `${erp.url}/orders`);
    const { post, begin } = postingFlow.flow.nodes;
    const broken = { ...post, config: { ...post.config, url: '/nowhere' } };
    const bundle = { ...postingFlow, flow: { ...postingFlow.flow, nodes: { begin, post: broken } } };
    await studio.call('PUT', '/flows/post-orders', { revision: 1, bundle });
    await studio.call('POST', '/flows/post-orders/deploy', {});
    await studio.call('POST', '/flows/post-orders/run', order(1));
  });
  afterAll(async () => {
    await studio?.stop();
    await erp?.stop();
  });

  test('R-X4 is found and understood from the run; mended, the run is done again on the new version with another input', async () => {
    const page = await studio.visit();
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.getByRole('row').filter({ hasText: 'Failed' }).getByRole('link', { name: 'Post orders' }).click();
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

    await studio.call('PUT', '/flows/post-orders', { revision: 2, bundle: postingFlow });
    await studio.call('POST', '/flows/post-orders/deploy', {});
    await details.getByRole('button', { name: 'Run again from here' }).click();
    const again = page.getByRole('dialog', { name: 'Run again from a step' });
    await again.getByRole('radio', { name: /The one that serves now/ }).check();
    await again.getByRole('switch', { name: 'Edit what goes in' }).check();
    const text = again.getByRole('textbox', { name: 'Input' });
    await text.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('{"number":"PO-1b"}');
    await again.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('status').getByText('Succeeded').waitFor();
    expect(erp.taken).toEqual(['{"number":"PO-1b"}']);

    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Compare with…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('table', { name: 'Input' }).getByText('/lines').waitFor();

    await page.getByRole('region', { name: 'This run' }).getByRole('link', { name: 'Post orders' }).click();
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Save as test' }).click();
    await page.getByText(/^Kept as the test/).waitFor();
    expect(studio.faults).toEqual([]);
  });
});
