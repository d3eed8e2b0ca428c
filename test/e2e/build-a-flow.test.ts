import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startSandboxErp } from '@millrace/pack-dropzone/sandbox';
import { type OpenSsh, opensshMissing, startOpenSsh } from '@millrace/testing/openssh';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { box } from '../browser/flow-page.ts';
import { type Studio, skippedWithout, startStudio } from '../browser/studio.fixture.ts';
import { type Hands, keyboardOn, mouseOn } from './hands.ts';

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

  test.each([
    ['mouse', mouseOn],
    ['keyboard alone', keyboardOn],
  ] as const)(
    'by %s: webhook, mapping, SFTP, waiting for the ack',
    async (name, handsOn) => {
      const id = name.replace(' ', '-');
      const folder = join(ssh.root, id);
      for (const part of ['out', 'ack']) mkdirSync(join(folder, part), { recursive: true });
      const flow = { format: 1, id, name: `Built by ${name}`, nodes: {}, edges: [] };
      await studio.call('POST', '/flows', { flow, layout: { nodes: {} }, samples: { order }, tests: {}, records: [] });
      const page = await studio.visit();
      const hands = handsOn(page);
      await page.getByRole('link', { name: flow.name, exact: true }).waitFor();
      await hands.press(page.getByRole('link', { name: flow.name, exact: true }));

      await build(page, hands, { path: `${id}/orders`, connection: `ERP of ${id}`, fields: sftpFields(ssh, folder) });
      await page.getByRole('button', { name: 'No problems' }).waitFor();
      await deployAndStart(page, hands, `ERP of ${id}`);
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

async function build(page: Page, hands: Hands, { path, connection, fields }: Built): Promise<void> {
  const settings = page.getByRole('complementary', { name: 'Node settings' });
  const slot = settings.getByRole('combobox', { name: 'Connection slot' });

  await add(page, hands, 'Webhook');
  await hands.fill(settings.getByLabel(/^Path/), path);

  await add(page, hands, 'Map');
  await hands.press(settings.getByRole('button', { name: 'Open mapping' }));
  await hands.turn(page.getByRole('radiogroup', { name: 'Mapping as' }), 'Text');
  await hands.fill(page.getByRole('textbox', { name: 'Expression' }), mapping);
  await page.getByRole('textbox', { name: 'Result' }).getByText('"CUST-4711"').waitFor();
  await hands.press(page.getByRole('button', { name: 'Back to the flow' }));

  await add(page, hands, 'Put into dropzone');
  await hands.press(settings.getByRole('button', { name: 'New connection…' }));
  const dialog = page.getByRole('dialog', { name: /^New connection/ });
  await hands.fill(dialog.getByRole('textbox', { name: 'Name', exact: true }), connection);
  await hands.choose(dialog.getByRole('combobox', { name: 'Way' }), 'SFTP');
  for (const [label, value] of Object.entries(fields)) await hands.fill(dialog.getByLabel(label).first(), value);
  await hands.press(dialog.getByRole('button', { name: 'Create and try' }));
  await page.getByText(`“${connection}” can be reached`).waitFor();
  await hands.choose(slot, 'Create slot “dropzone”');
  await hands.fill(settings.getByLabel(/^File name/), file);

  await add(page, hands, 'Wait for ack');
  await hands.choose(slot, 'dropzone');
  await hands.fill(settings.getByLabel(/^Draft order id/), '4711');

  await add(page, hands, 'Map');
  await hands.fill(settings.getByRole('textbox', { name: 'Title', exact: true }), 'ACKED');
  await hands.press(settings.getByRole('button', { name: 'Open mapping' }));
  await hands.turn(page.getByRole('radiogroup', { name: 'Mapping as' }), 'Text');
  await hands.fill(page.getByRole('textbox', { name: 'Expression' }), '$');
  await hands.press(page.getByRole('button', { name: 'Back to the flow' }));
}

async function add(page: Page, hands: Hands, title: string): Promise<void> {
  await hands.press(page.getByRole('button', { name: 'Add node' }));
  await hands.choose(page.getByRole('combobox', { name: 'Type to filter' }), title);
}

async function deployAndStart(page: Page, hands: Hands, connection: string): Promise<void> {
  await hands.press(page.getByRole('button', { name: 'Deploy' }));
  const deploying = page.getByRole('dialog', { name: 'Deploy to production' });
  await hands.choose(deploying.getByRole('combobox', { name: 'dropzone' }), connection);
  await hands.press(deploying.getByRole('button', { name: 'Deploy' }));
  await page.getByText(/Version \w+ is live/).waitFor();
  await hands.press(page.getByRole('button', { name: 'Run', exact: true }));
  await hands.press(page.getByRole('dialog', { name: 'Run this flow' }).getByRole('button', { name: 'Start run' }));
}
