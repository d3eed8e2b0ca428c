import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowBundle } from '@millrace/flow';
import { startSandboxErp } from '@millrace/pack-dropzone/sandbox';
import { describe, expect, test } from 'vitest';
import { box, flowName, openFlow, openSettings } from '../../browser/flow-page.ts';
import type { Studio } from '../../browser/studio.fixture.ts';

const flowId = 'order-export-dropzone';

/** The instance dies while somebody edits, or looks at a run, and comes back. */
export function serverKilled(studio: () => Studio): void {
  describe('the server is killed', () => {
    test('R-X4 while a flow is edited: the edits are kept, and saved when it is back', async () => {
      const page = await studio().visit();
      await openFlow(page);
      const settings = await openSettings(page, 'Deliver to the ERP');
      await settings.getByRole('textbox', { name: 'Expression for File name' }).waitFor();
      const title = page.getByRole('textbox', { name: 'Title', exact: true });
      await studio().kill();
      await title.fill('Hand over to the ERP');
      await page.getByText('Kept in this browser').waitFor();
      await studio().startAgain();
      await page.getByText('Saved', { exact: true }).waitFor({ timeout: 40_000 });
      const { bundle } = (await studio().call('GET', `/flows/${flowId}`)) as { bundle: FlowBundle };
      expect(bundle.flow.nodes.deliver?.title).toBe('Hand over to the ERP');
      await page.reload();
      await box(page, 'Hand over to the ERP').waitFor();
    });

    test('R-X4 while a run is watched: the page says that it is cut off, and catches up with the run when the server is back', async () => {
      const silent = join(studio().home, 'silent');
      for (const folder of ['out', 'ack']) mkdirSync(join(silent, folder), { recursive: true });
      const config = { kind: 'folder', path: silent };
      const { id } = (await studio().call('POST', '/connections', {
        name: 'silent',
        type: 'dropzone/folder-or-sftp',
        config,
      })) as { id: string };
      await studio().call('POST', `/flows/${flowId}/deploy`, { connections: { dropzone: id } });
      const page = await studio().visit();
      await openFlow(page);
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByRole('dialog', { name: 'Run this flow' }).getByRole('button', { name: 'Start run' }).click();
      await box(page, 'Wait for the ERP').getByText('Waiting').first().waitFor();

      await studio().kill();
      await page.getByRole('status').getByText('Reconnecting…').waitFor();
      const erp = startSandboxErp({ folder: silent, answerAfterMs: 0, log: () => undefined });
      await studio().startAgain();
      await page.getByRole('status').getByText('Live', { exact: true }).waitFor({ timeout: 40_000 });
      await box(page, 'ACKED').getByText('Done').waitFor({ timeout: 30_000 });
      await page.getByRole('status').getByText('Succeeded').waitFor();
      await erp.stop();

      await page.getByRole('link', { name: 'Runs', exact: true }).first().click();
      const row = page.getByRole('row').filter({ hasText: flowName });
      await row.first().getByText('Succeeded').waitFor();
    });
  });
}
