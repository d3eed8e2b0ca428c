import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startSandboxErp } from '@millrace/pack-dropzone/sandbox';
import { type OpenSsh, opensshMissing, startOpenSsh } from '@millrace/testing/openssh';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { box } from '../browser/flow-page.ts';
import { hasBrowser, type Studio, skippedWithout, startStudio } from '../browser/studio.fixture.ts';

const why = skippedWithout || (opensshMissing() === undefined ? '' : ` (skipped: ${opensshMissing()})`);
const flow = { format: 1, id: 'own', name: 'Own orders', nodes: {}, edges: [] };
const order = { id: '4711', customer: 'CUST-4711' };
const mapping = '{ "draft_order_id": id, "customer": { "erp_customer_number": customer } }';

describe.skipIf(!hasBrowser || why !== '')(`R-X4 a flow is built from nothing${why}`, () => {
  let studio: Studio;
  let ssh: OpenSsh;
  beforeAll(async () => {
    ssh = await startOpenSsh();
    studio = await startStudio();
    for (const folder of ['out', 'ack']) mkdirSync(join(ssh.root, 'orders', folder), { recursive: true });
    await studio.call('POST', '/flows', { flow, layout: { nodes: {} }, samples: { order }, tests: {}, records: [] });
  });
  afterAll(async () => {
    await studio?.stop();
    await ssh?.stop();
  });
  afterEach(() => expect(studio.faults).toEqual([]));

  test('by mouse: webhook, mapping, SFTP and waiting for the ack; deployed, run, and answered with ACKED', async () => {
    const page = await studio.visit();
    await page.getByRole('link', { name: 'Own orders', exact: true }).click();
    const settings = page.getByRole('complementary', { name: 'Node settings' });

    await add(page, /^Webhook/);
    await settings.getByRole('textbox', { name: 'Path' }).fill('own/orders');

    await add(page, /^Map/);
    await settings.getByRole('button', { name: 'Open mapping' }).click();
    await page.getByText('Text', { exact: true }).click();
    const text = page.getByRole('textbox', { name: 'Expression' });
    await text.click();
    await page.keyboard.insertText(mapping);
    await page.getByRole('textbox', { name: 'Result' }).getByText('"CUST-4711"').waitFor();
    await page.getByRole('button', { name: 'Back to the flow' }).click();

    await add(page, /^Put into dropzone/);
    await newConnection(page, settings, ssh);
    await chooseSlot(page, settings, 'Create slot “dropzone”');
    await settings.getByRole('textbox', { name: 'File name' }).fill('sales_order_4711_20260101T000000Z.json');

    await add(page, /^Wait for ack/);
    await chooseSlot(page, settings, 'dropzone');
    await settings.getByRole('textbox', { name: 'Draft order id' }).fill('4711');
    await settings.getByRole('textbox', { name: 'Title', exact: true }).fill('ACKED?');

    await page.getByRole('button', { name: 'No problems' }).waitFor();
    await page.getByRole('button', { name: 'Deploy' }).click();
    const deploying = page.getByRole('dialog', { name: 'Deploy to production' });
    await deploying.getByRole('combobox', { name: 'dropzone' }).click();
    await page.getByRole('option', { name: 'ERP by SFTP' }).click();
    await deploying.getByRole('button', { name: 'Deploy' }).click();
    await page.getByText(/Version \w+ is live/).waitFor();

    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('button', { name: 'Start run' }).click();
    await box(page, 'ACKED?').getByText('Waiting').first().waitFor();
    expect(readdirSync(join(ssh.root, 'orders', 'out'))).toEqual(['sales_order_4711_20260101T000000Z.json']);
    const erp = startSandboxErp({ folder: join(ssh.root, 'orders'), answerAfterMs: 0, log: () => undefined });
    await page.getByRole('status').getByText('Succeeded').waitFor({ timeout: 40_000 });
    await box(page, 'ACKED?').getByText('Done').waitFor();
    await erp.stop();
  }, 240_000);
});

async function add(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Add node' }).click();
  await page.getByRole('option', { name }).first().click();
}

async function chooseSlot(page: Page, settings: Locator, option: string): Promise<void> {
  await settings.getByRole('combobox', { name: 'Connection slot' }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

async function newConnection(page: Page, settings: Locator, ssh: OpenSsh): Promise<void> {
  await settings.getByRole('button', { name: 'New connection…' }).click();
  const dialog = page.getByRole('dialog', { name: /^New connection/ });
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('ERP by SFTP');
  await dialog.getByRole('combobox').first().click();
  await page.getByRole('option', { name: 'SFTP' }).click();
  const fields = {
    Host: ssh.host,
    Port: String(ssh.port),
    'User name': ssh.username,
    'Private key': ssh.privateKey,
    "Fingerprint of the server's host key": ssh.hostKeyFingerprint,
    'Folder on the server': join(ssh.root, 'orders'),
  };
  for (const [label, value] of Object.entries(fields)) await dialog.getByRole('textbox', { name: label }).first().fill(value);
  await dialog.getByRole('button', { name: 'Create and test' }).click();
  await page.getByText('“ERP by SFTP” can be reached').waitFor();
}
