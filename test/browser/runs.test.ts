import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startSandboxErp } from '@millrace/pack-dropzone/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { box, flowName, openFlow } from './flow-page.ts';
import { wrongOrder } from './orders.ts';
import { hasBrowser, type Studio, skippedWithout, startStudio } from './studio.fixture.ts';

describe.skipIf(!hasBrowser)(`watching runs in a real browser${skippedWithout}`, () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await startStudio();
  });
  afterAll(() => studio.stop());
  afterEach(() => expect(studio.faults).toEqual([]));

  test('R-X4 a flow is deployed to another dropzone, and its run is watched live: waiting, then ACKED', async () => {
    const silent = join(studio.home, 'silent');
    for (const folder of ['out', 'ack']) mkdirSync(join(silent, folder), { recursive: true });
    const config = { kind: 'folder', path: silent };
    await studio.call('POST', '/connections', { name: 'silent', type: 'dropzone/folder-or-sftp', config });
    const page = await studio.visit();
    await openFlow(page);
    await page.getByRole('button', { name: 'Deploy' }).click();
    const deploying = page.getByRole('dialog', { name: 'Deploy to production' });
    await deploying.getByRole('combobox', { name: 'dropzone' }).click();
    await page.getByRole('option', { name: 'silent' }).click();
    await deploying.getByRole('button', { name: 'Deploy' }).click();
    await page.getByText(/Version \w+ is live/).waitFor();

    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('dialog', { name: 'Run this flow' }).getByRole('button', { name: 'Start run' }).click();
    await box(page, 'Wait for the ERP').getByText('Waiting').first().waitFor();
    const details = page.getByRole('complementary', { name: 'Run details' });
    await details.getByText('5b1f0c1e-7a35-4f0e-9a6e').first().waitFor();
    await details.getByText('in 4 hr.').waitFor();
    expect(await box(page, 'ACKED').getByText('Done').count()).toBe(0);

    const erp = startSandboxErp({ folder: silent, answerAfterMs: 0, log: () => undefined });
    await page.getByRole('status').getByText('Succeeded').waitFor();
    await box(page, 'ACKED').getByText('Done').waitFor();
    await details.getByText('Wait for the ERP – acked').waitFor();
    await erp.stop();
  });

  test('R-X4 what went into a step and what came out of it is seen on its node', async () => {
    const page = await studio.visit();
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.getByRole('row').filter({ hasText: 'Succeeded' }).getByRole('link', { name: flowName }).last().click();
    await box(page, 'Export document').click();
    const details = page.getByRole('complementary', { name: 'Run details' });
    await details.getByRole('region', { name: 'Input' }).getByText('draft_order_id').waitFor();
    await details.getByRole('region', { name: 'Output' }).getByText('"orderflow_export_json_v1"').waitFor();
    await box(page, 'Order approved').click();
    await details.getByRole('region', { name: 'Payload' }).getByText('"CUST-4711"').waitFor();
    await box(page, 'Refused by the ERP').click();
    await details.getByText('This node was not reached in this run.').waitFor();
  });

  test('R-X4 an order with five mistakes is refused, and its run shows the five pointers', async () => {
    const { wrong, mistakes } = wrongOrder();
    expect((await studio.sendOrder(wrong)).status).toBe(422);
    const page = await studio.visit();
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.getByRole('row').filter({ hasText: 'The order does not fit' }).getByRole('link').click();
    await box(page, 'Refuse the order').getByText('Failed').waitFor();
    const problems = page.getByRole('alert').getByRole('listitem');
    await problems.first().waitFor();
    const pointers = (await problems.allTextContents()).map((text) => text.split(' ')[0]);
    expect(pointers).toEqual(mistakes);
    expect(await box(page, 'Deliver to the ERP').getByText('Done').count()).toBe(0);
  });
});
