import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startSandboxErp } from '@millrace/pack-dropzone/sandbox';
import { type OpenSsh, opensshMissing, startOpenSsh } from '@millrace/testing/openssh';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { box } from '../browser/flow-page.ts';
import { type Studio, skippedWithout, startStudio } from '../browser/studio.fixture.ts';
import { usedBy, ways } from './ways.ts';

const missing = opensshMissing();
const skipped = skippedWithout || (missing === undefined ? '' : ` (skipped: ${missing})`);
const mapping = '{ "draft_order_id": id, "customer": { "erp_customer_number": customer } }';
const order = { id: '4711', customer: 'CUST-4711' };
const file = 'sales_order_4711_20260101T000000Z.json';

describe.skipIf(skipped !== '')(`R-X4 a flow is built from nothing, deployed, run and answered${skipped}`, () => {
  let studio: Studio;
  let ssh: OpenSsh;
  beforeAll(async () => {
    ssh = await startOpenSsh();
    studio = await startStudio();
  });
  afterAll(async () => {
    await studio?.stop();
    await ssh?.stop();
  });
  afterEach(() => expect(studio.faults).toEqual([]));

  test.each(ways)(
    'by $way: webhook, mapping, SFTP, waiting for the ack',
    async (way) => {
      const id = way.way.replace(' ', '-');
      const folder = join(ssh.root, id);
      for (const part of ['out', 'ack']) mkdirSync(join(folder, part), { recursive: true });
      const flow = { format: 1, id, name: `Built by ${way.way}`, nodes: {}, edges: [] };
      await studio.call('POST', '/flows', { flow, layout: { nodes: {} }, samples: { order }, tests: {}, records: [] });
      const page = await usedBy(way, studio).visit();
      await page.getByRole('link', { name: flow.name, exact: true }).waitFor();
      await page.getByRole('link', { name: flow.name, exact: true }).click();

      await build(page, { path: `${id}/orders`, connection: `ERP of ${id}`, fields: sftpFields(ssh, folder) });
      await page.getByRole('button', { name: 'No problems' }).waitFor();
      await deployAndStart(page, `ERP of ${id}`);
      await box(page, 'Wait for ack').getByText('Waiting').first().waitFor();
      expect(readdirSync(join(folder, 'out'))).toEqual([file]);
      const erp = startSandboxErp({ folder, answerAfterMs: 0, log: () => undefined });
      await page.getByRole('status').getByText('Succeeded').waitFor({ timeout: 40_000 });
      await box(page, 'ACKED').getByText('Done').waitFor();
      await erp.stop();
      await page.context().close();
    },
    240_000,
  );
});

function sftpFields(ssh: OpenSsh, folder: string): Readonly<Record<string, string>> {
  return {
    Host: ssh.host,
    Port: String(ssh.port),
    'User name': ssh.username,
    'Private key': ssh.privateKey,
    "Fingerprint of the server's host key": ssh.hostKeyFingerprint,
    'Folder on the server': folder,
  };
}

interface Built {
  readonly path: string;
  readonly connection: string;
  readonly fields: Readonly<Record<string, string>>;
}

async function build(page: Page, { path, connection, fields }: Built): Promise<void> {
  const settings = page.getByRole('complementary', { name: 'Node settings' });
  const slot = settings.getByRole('combobox', { name: 'Connection slot' });

  await add(page, 'Webhook');
  await settings.getByLabel(/^Path/).fill(path);

  await add(page, 'Map');
  await settings.getByRole('button', { name: 'Open mapping' }).click();
  await page.getByRole('radiogroup', { name: 'Mapping as' }).getByText('Text', { exact: true }).click();
  await page.getByRole('textbox', { name: 'Expression' }).fill(mapping);
  await page.getByRole('textbox', { name: 'Result' }).getByText('"CUST-4711"').waitFor();
  await page.getByRole('button', { name: 'Back to the flow' }).click();

  await add(page, 'Put into dropzone');
  await settings.getByRole('button', { name: 'New connection…' }).click();
  const dialog = page.getByRole('dialog', { name: /^New connection/ });
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(connection);
  await choose(page, dialog.getByRole('combobox', { name: 'Way' }), 'SFTP');
  for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label).first().fill(value);
  await dialog.getByRole('button', { name: 'Create and try' }).click();
  await page.getByText(`“${connection}” can be reached`).waitFor();
  await choose(page, slot, 'Create slot “dropzone”');
  await settings.getByLabel(/^File name/).fill(file);

  await add(page, 'Wait for ack');
  await choose(page, slot, 'dropzone');
  await settings.getByLabel(/^Draft order id/).fill('4711');

  await add(page, 'Map');
  await settings.getByRole('textbox', { name: 'Title', exact: true }).fill('ACKED');
  await settings.getByRole('button', { name: 'Open mapping' }).click();
  await page.getByRole('radiogroup', { name: 'Mapping as' }).getByText('Text', { exact: true }).click();
  await page.getByRole('textbox', { name: 'Expression' }).fill('$');
  await page.getByRole('button', { name: 'Back to the flow' }).click();
}

async function add(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: 'Add node' }).click();
  await choose(page, page.getByRole('combobox', { name: 'Type to filter' }), title);
}

async function choose(page: Page, list: Locator, option: string): Promise<void> {
  await list.click();
  const begins = new RegExp(`^${option}`);
  await page.getByRole('option', { name: begins }).first().click();
}

async function deployAndStart(page: Page, connection: string): Promise<void> {
  await page.getByRole('button', { name: 'Deploy' }).click();
  const deploying = page.getByRole('dialog', { name: 'Deploy to production' });
  await choose(page, deploying.getByRole('combobox', { name: 'dropzone' }), connection);
  await deploying.getByRole('button', { name: 'Deploy' }).click();
  await page.getByText(/Version \w+ is live/).waitFor();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('dialog', { name: 'Run this flow' }).getByRole('button', { name: 'Start run' }).click();
}
