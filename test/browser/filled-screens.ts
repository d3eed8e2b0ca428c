import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { go } from './operating-screens.ts';
import type { Studio } from './studio.fixture.ts';

type Take = (name: string) => Promise<void>;

const inboxType = 'files/folder-or-sftp';

interface Draft {
  readonly revision: number;
  readonly bundle: ReturnType<typeof requisitions>;
}

/** A template with a clone that it has left behind, a plan to promote, a table, a mapping in layers and a watched folder. */
export async function prepareFilled(studio: Studio): Promise<void> {
  const { call, home } = studio;
  const inbox = join(home, 'inbox');
  mkdirSync(inbox, { recursive: true });
  await call('PUT', '/code-tables/units', { title: 'Units' });
  await call('POST', '/code-tables/units/entries', {
    set: [
      { key: 'PCE', value: 'piece' },
      { key: 'KGM', value: { name: 'kilogram', decimals: 3 } },
      { key: 'LTR', value: 'litre', validFrom: '2026-01-01', validTo: '2027-01-01' },
    ],
  });
  const inboxOf = async (environment: string) => {
    const config = { kind: 'folder', path: inbox };
    const made = await call('POST', '/connections', { name: 'Inbox', type: inboxType, environment, config });
    return { inbox: (made as { readonly id: string }).id };
  };
  const connections = { sandbox: await inboxOf('sandbox'), production: await inboxOf('production') };
  await call('POST', '/flows', requisitions());
  await call('POST', '/flows/requisitions/deploy', { connections: connections.production });
  await call('POST', '/templates', { flow: 'requisitions', changelog: 'The first' });
  await call('POST', '/templates/demo%2Frequisitions/clone', { flow: 'requisitions-north' });
  await edit(studio, 'requisitions', { from: 'vessel & "!"' }, 'From the ship');
  await edit(studio, 'requisitions-north', { from: '"north"' });
  await call('POST', '/flows/requisitions/publish', {});
  await call('POST', '/templates', { flow: 'requisitions', changelog: 'Vessels are shouted' });
  await call('POST', '/flows/requisitions/deploy', {
    environment: 'sandbox',
    connections: connections.sandbox,
  });
  await call('POST', '/promotions', {
    flow: 'requisitions',
    note: 'Tried with the ships of the north',
  });
}

/** Somebody changes where the first line of the mapping takes its value from. */
async function edit({ call }: Studio, flow: string, line: { readonly from: string }, summary?: string): Promise<void> {
  const { revision, bundle } = (await call('GET', `/flows/${flow}`)) as Draft;
  const { fields } = bundle.flow.nodes.make.config;
  Object.assign(fields[0] ?? {}, line);
  await call('PUT', `/flows/${flow}`, {
    revision,
    bundle: { ...bundle, flow: { ...bundle.flow, ...(summary && { description: summary }) } },
  });
}

const requisitions = () => ({
  flow: {
    format: 1,
    id: 'requisitions',
    name: 'Requisitions',
    description: 'What ships ask for, from a folder.',
    connections: { inbox: { type: inboxType } },
    nodes: {
      begin: { type: 'files/watch', version: 1, title: 'Requisition', connection: 'inbox', config: { as: 'json' } },
      make: {
        type: 'core/map',
        version: 1,
        title: 'Tidy',
        config: { fields: [{ to: 'vessel', from: 'vessel' }] },
      },
      layered: {
        type: 'core/map-by-version',
        version: 1,
        title: 'In their version',
        config: { mapping: 'requisition' },
      },
    },
    edges: [
      { from: 'begin', to: 'make' },
      { from: 'make', to: 'layered' },
    ],
  },
  layout: { nodes: {} },
  samples: {},
  tests: {},
  records: [],
  mappings: [
    {
      name: 'requisition',
      title: 'Requisition',
      core: [{ to: 'externalRef', from: 'requisition_id', required: true }],
      versions: [
        { version: '2.1', status: 'DEPRECATED', sunset: '2027-06-30', fields: [{ to: 'vessel', from: 'vessel' }] },
        { version: '2.3', status: 'ACTIVE', fields: [{ to: 'vessel', from: 'vessel_code' }] },
      ],
    },
  ],
});

/** Pictures of what has something in it, and of the dialogs by which it comes there. */
export async function takeFilled(page: Page, take: Take): Promise<void> {
  await go(page, 'Code tables');
  await page.getByRole('link', { name: 'Units' }).click();
  await page.getByRole('cell', { name: 'KGM', exact: true }).waitFor();
  await take('code-table');
  await inDialog(page, 'Add entry', () => take('code-table-entry'));

  await go(page, 'Mapping layers');
  await page
    .getByRole('link', { name: /requisition/i })
    .first()
    .click();
  await page.getByRole('heading', { name: 'Requisition', level: 1 }).waitFor();
  await take('mapping-layer');

  await go(page, 'Templates');
  await page.getByText('My clones', { exact: true }).click();
  await page.getByRole('link', { name: /^Upgrade / }).waitFor();
  await take('clones');
  await page.getByRole('link', { name: /^Upgrade / }).click();
  await page.getByRole('article').first().waitFor();
  await take('upgrade');

  await go(page, 'Promotions');
  await inDialog(page, 'Plan a promotion', async (dialog) => {
    await page.getByRole('option', { name: 'Requisitions' }).click();
    await dialog.getByText('What “Requisitions” has in production').waitFor();
    await take('promotion-plan');
  });
  await page
    .getByRole('link', { name: /requisitions/i })
    .first()
    .click();
  await page.getByRole('region', { name: 'Tests' }).waitFor();
  await take('promotion');

  await go(page, 'Flows');
  await inDialog(page, 'New flow', () => take('new-flow'));
  await page.locator('input[type=file]').setInputFiles(withMistake());
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await take('import');
  await page.keyboard.press('Escape');
  await go(page, 'Members');
  await inDialog(page, 'Invite', () => take('invite'));
  await go(page, 'API keys');
  await inDialog(page, 'New key', () => take('new-key'));
}

/** The flow as a file in which an edge leads nowhere. */
function withMistake() {
  const { flow, ...parts } = requisitions();
  const bundle = { ...parts, flow: { ...flow, edges: [...flow.edges, { from: 'layered', to: 'nowhere' }] } };
  return { name: 'requisitions.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(bundle)) };
}

async function inDialog(page: Page, button: string, look: (dialog: Locator) => Promise<void>): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await look(dialog);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** The flows of a tenant that has nothing yet. */
export async function takeFirstSteps(page: Page, take: Take): Promise<void> {
  await page.route(/\/api\/v1\/flows\?/, (route) => route.fulfill({ json: { flows: [] } }));
  await page.route(/\/api\/v1\/runs\?/, (route) => route.fulfill({ json: { runs: [], next: null } }));
  await page.reload();
  await go(page, 'Flows');
  await page.getByRole('heading', { name: /first/i }).first().waitFor();
  await take('first-steps');
  await page.unroute(/\/api\/v1\/flows\?/);
  await page.unroute(/\/api\/v1\/runs\?/);
}
