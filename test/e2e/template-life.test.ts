import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, type Studio, skippedWithout, startStudio } from '../browser/studio.fixture.ts';
import { usedBy, ways } from './ways.ts';

interface Draft {
  readonly revision: number;
  readonly bundle: {
    readonly flow: { readonly nodes: { readonly document: { readonly config: { fields: Line[] } } } };
  };
}
interface Line {
  readonly to: string;
  readonly from: string;
}

const node = (type: string, title: string, config: object, more: object = {}) => ({
  type,
  version: 1,
  title,
  config,
  ...more,
});

/** Started by hand: makes a document and puts it into a dropzone. */
const orders = {
  flow: {
    format: 1,
    id: 'orders',
    name: 'Orders',
    parameters: { type: 'object', properties: { channel: { type: 'string', title: 'Channel', default: 'shop' } } },
    connections: { dropzone: { type: 'dropzone/folder-or-sftp' } },
    nodes: {
      begin: node('core/manual', 'Begin', {}),
      document: node('core/map', 'Document', {
        fields: [
          { to: 'id', from: 'id' },
          { to: 'channel', from: '$params.channel' },
        ],
      }),
      deliver: node(
        'dropzone/put',
        'Deliver',
        { body: '{% $steps.document %}', fileName: '{% $steps.document.id & ".json" %}' },
        { connection: 'dropzone' },
      ),
    },
    edges: [
      { from: 'begin', to: 'document' },
      { from: 'document', to: 'deliver' },
    ],
  },
  layout: { nodes: {} },
  samples: { order: { id: 'A-1' } },
  tests: {},
  records: [],
};

describe.skipIf(!hasBrowser).each(ways)(
  `the life of a template, by $way, in a real browser${skippedWithout}`,
  (way) => {
    let studio: Studio;
    let page: Page;
    let folder: (name: string) => string;
    beforeAll(async () => {
      studio = usedBy(way, await startStudio());
      folder = (name) => join(studio.home, 'zones', name);
      for (const [name, environment] of [
        ['Test', 'sandbox'],
        ['Live', 'production'],
      ] as const) {
        for (const part of ['out', 'ack']) mkdirSync(join(folder(name), part), { recursive: true });
        const config = { kind: 'folder', path: folder(name) };
        await studio.call('POST', '/connections', { name, type: 'dropzone/folder-or-sftp', environment, config });
      }
      await studio.call('POST', '/flows', orders);
      page = await studio.visit();
    });
    afterAll(() => studio.stop());
    afterEach(() => expect(studio.faults).toEqual([]));

    test('R-F11 a version of a flow is offered as a template, cloned with connections and tried', async () => {
      await page.getByRole('link', { name: 'Orders', exact: true }).click();
      await page.getByRole('link', { name: 'Versions', exact: true }).click();
      await page.getByRole('button', { name: 'Publish draft' }).click();
      await within(page, 'Publish draft', async (dialog) => {
        await dialog.getByRole('textbox', { name: 'Note' }).fill('The first');
        await dialog.getByRole('button', { name: 'Publish draft' }).click();
      });
      await page.getByRole('button', { name: 'Actions for version 1' }).click();
      await page.getByRole('menuitem', { name: 'Offer as template…' }).click();
      await within(page, 'Offer as template', async (dialog) => {
        await dialog.getByRole('textbox', { name: 'Changelog' }).fill('The first');
        await dialog.getByRole('button', { name: 'Offer', exact: true }).click();
      });

      await page.getByRole('button', { name: 'Clone this template' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill('Orders north');
      await page.getByRole('textbox', { name: 'Id' }).fill('orders-north');
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByRole('textbox', { name: 'Channel' }).fill('fair');
      await page.getByRole('button', { name: 'Next' }).click();
      await choose(page, page.getByRole('group', { name: 'Sandbox' }), 'dropzone', 'Test');
      await choose(page, page.getByRole('group', { name: 'Production' }), 'dropzone', 'Live');
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByRole('switch', { name: /trial run/ }).click();
      await page.getByText('Nothing is in the way.').waitFor();
      await page.getByRole('button', { name: 'Clone', exact: true }).click();
      await page.getByRole('status').getByText('Succeeded').waitFor();
      expect(readdirSync(join(folder('Test'), 'out'))).toEqual(['A-1.json']);
    });

    test('R-F10 the clone is promoted to production with approval, and taken back', async () => {
      await page.getByRole('link', { name: 'Promotions', exact: true }).click();
      await page.getByRole('button', { name: 'Rules' }).click();
      await page.getByRole('radio', { name: 'None are wanted' }).click();
      await page.getByRole('button', { name: 'Save rules' }).click();
      await page.getByText('Rules saved').waitFor();

      await page.getByRole('link', { name: 'Promotions', exact: true }).click();
      await page.getByRole('button', { name: 'Plan a promotion' }).click();
      await within(page, 'Plan a promotion', async (dialog) => {
        await choose(page, dialog, 'Flow', 'Orders north');
        await choose(page, dialog, 'dropzone', 'Live');
        await dialog.getByRole('textbox', { name: 'Note' }).fill('Tried in the sandbox');
        await dialog.getByRole('button', { name: 'Show the plan' }).click();
      });
      await page.getByText('Nothing is in the way.').waitFor();
      await page.getByText('The connection slot “dropzone” gets "Live".').waitFor();
      await step(page, 'Approve', 'Approve this promotion?');
      await step(page, 'Carry out', 'Bring “Orders north” to production?');
      await page.getByText('In production', { exact: true }).waitFor();
      expect(await studio.call('GET', '/flows/orders-north')).toMatchObject({
        deployed: { environment: 'production' },
      });
      await step(page, 'Roll back', 'Take this promotion back?');
      await page.getByText('Rolled back').first().waitFor();
      expect(await studio.call('GET', '/flows/orders-north')).toMatchObject({ deployed: null });
    });

    test('R-F11 the template moves on, and the clone follows: its own line is kept where both have changed it', async () => {
      await edit('orders-north', (lines) =>
        lines.map((line) => (line.to === 'channel' ? { ...line, from: '"north"' } : line)),
      );
      await edit('orders', (lines) => [
        ...lines.map((line) => (line.to === 'channel' ? { ...line, from: '"web"' } : line)),
        { to: 'source', from: '"millrace"' },
      ]);
      await studio.call('POST', '/flows/orders/publish', {});
      await page.getByRole('link', { name: 'Templates', exact: true }).click();
      await page.getByRole('link', { name: 'Orders', exact: true }).click();
      await page.getByRole('button', { name: 'Publish new version' }).click();
      await within(page, 'Offer as template', async (dialog) => {
        await dialog.getByRole('textbox', { name: 'Changelog' }).fill('Where it comes from');
        await dialog.getByRole('button', { name: 'Offer', exact: true }).click();
      });
      await page.getByText('Where it comes from').waitFor();

      await page.getByRole('link', { name: 'Templates', exact: true }).click();
      await page.getByText('My clones', { exact: true }).click();
      await page.getByRole('link', { name: 'Upgrade Orders north to 2' }).click();
      const conflict = page.getByRole('article', { name: /channel/ });
      for (const side of ['$params.channel', '"north"', '"web"']) await conflict.getByText(side).waitFor();
      await page.getByText(/“document”, at \/fields\/source/).waitFor();
      await conflict.getByRole('button', { name: 'Keep mine' }).click();
      await page.getByText('The draft is at version 2 of its template').waitFor();
      const { bundle } = (await studio.call('GET', '/flows/orders-north')) as Draft;
      expect(bundle.flow.nodes.document.config.fields).toEqual([
        { to: 'id', from: 'id' },
        { to: 'channel', from: '"north"' },
        { to: 'source', from: '"millrace"' },
      ]);
    });

    /** Somebody else edits a draft. */
    async function edit(flow: string, change: (lines: Line[]) => Line[]): Promise<void> {
      const { revision, bundle } = (await studio.call('GET', `/flows/${flow}`)) as Draft;
      const { config } = bundle.flow.nodes.document;
      config.fields = change(config.fields);
      await studio.call('PUT', `/flows/${flow}`, { revision, bundle });
    }
  },
);

/** Something done in a dialog, which closes by that. */
async function within(page: Page, title: string, act: (dialog: Locator) => Promise<void>): Promise<void> {
  const dialog = page.getByRole('dialog', { name: title });
  await act(dialog);
  await dialog.waitFor({ state: 'detached' });
}

async function step(page: Page, button: string, title: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click();
  await within(page, title, (dialog) => dialog.getByRole('button', { name: button, exact: true }).click());
}

async function choose(page: Page, scope: Locator, label: string, option: string): Promise<void> {
  await scope.getByLabel(label, { exact: true }).first().click();
  await page.getByRole('option', { name: option }).click();
}
