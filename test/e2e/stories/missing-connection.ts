import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { box } from '../../browser/flow-page.ts';
import type { Studio } from '../../browser/studio.fixture.ts';
import { order, postingFlow, startErp } from './erp.ts';

const flow = { id: 'to-nobody', name: 'To nobody' };

/** Somebody deploys a flow that reaches nobody yet, and then one that reaches the wrong place. */
export function missingConnection(studio: () => Studio): void {
  describe('a connection that is missing', () => {
    let erp: Awaited<ReturnType<typeof startErp>>;
    beforeAll(async () => {
      erp = await startErp();
      const { flow: document, ...rest } = postingFlow(flow);
      // What cannot be reached is tried again for a while by itself; here it fails at once.
      const post = { ...document.nodes.post, retry: { attempts: 1 } };
      const nodes = { ...document.nodes, post };
      await studio().call('POST', '/flows', {
        ...rest,
        flow: { ...document, nodes },
        samples: { order: order(1).payload },
      });
    });
    afterAll(() => erp?.stop());

    test('R-X4 the refusal says which; made with a wrong address it is warned of and fails the run; mended, the run goes on', async () => {
      const page = await studio().visit();
      await page.getByRole('link', { name: flow.name, exact: true }).click();
      const refused = await deploy(page);
      await refused.getByRole('alert').getByText('needs a connection of type core/http').waitFor();
      await refused.getByRole('button', { name: 'Cancel' }).click();

      await makeConnection(page, 'http://127.0.0.1:9');
      await deploy(page, flow.name);
      await page.getByRole('alert').getByText('It is live, and its runs will fail').waitFor();
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByRole('dialog', { name: 'Run this flow' }).getByRole('button', { name: 'Start run' }).click();
      await box(page, 'Post to the ERP').getByText('CONNECTION_INACTIVE').waitFor();

      await page.getByRole('link', { name: 'Connections', exact: true }).click();
      await page.getByRole('link', { name: flow.name, exact: true }).click();
      await page.getByRole('textbox', { name: 'Base address' }).fill(`${erp.url}/orders`);
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Connection saved').waitFor();
      await page.getByRole('link', { name: 'Runs', exact: true }).click();
      const failed = page.getByRole('row').filter({ hasText: 'Failed' });
      await failed.getByRole('link', { name: flow.name }).click();
      await page.getByRole('button', { name: 'Retry', exact: true }).click();
      await page.getByRole('status').getByText('Succeeded').waitFor();
      expect(erp.taken).toHaveLength(1);
    });
  });
}

async function deploy(page: Page, connection?: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Deploy' }).click();
  const dialog = page.getByRole('dialog', { name: 'Deploy to production' });
  if (connection !== undefined) {
    await dialog.getByRole('combobox', { name: 'erp' }).click();
    await page.getByRole('option', { name: connection }).click();
  }
  await dialog.getByRole('button', { name: 'Deploy' }).click();
  return dialog;
}

/** From the node that needs it. */
async function makeConnection(page: Page, address: string): Promise<void> {
  await box(page, 'Post to the ERP').click();
  const settings = page.getByRole('complementary', { name: 'Node settings' });
  await settings.getByRole('button', { name: 'New connection…' }).click();
  const dialog = page.getByRole('dialog', { name: /^New connection/ });
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(flow.name);
  await dialog.getByRole('textbox', { name: 'Base address' }).fill(address);
  await dialog.getByRole('button', { name: 'Create and try' }).click();
  await dialog.getByRole('alert').getByText('the other side cannot be reached').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await dialog.waitFor({ state: 'detached' });
}
