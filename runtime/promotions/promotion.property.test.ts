import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Instance, startInstance } from '../http/test-instance.fixture.ts';
import type { Tx } from '../postgres/database.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
  await made('PUT', '/promotion-rules', { required: false, byAnother: false, tests: 'none' });
});
afterAll(() => instance?.stop());

async function made(method: string, path: string, body?: unknown) {
  const answer = await instance.call(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** What serves, or a table, in one environment; nothing: it is not there. */
interface World {
  readonly caller: {
    readonly name: string;
    readonly factor: number;
    readonly recordTitle: string;
    /** Its slot is not bound to the default. */
    readonly isBound: boolean;
  } | null;
  readonly called: { readonly name: string; readonly path: string } | null;
  readonly table: { readonly title: string; readonly entries: Readonly<Record<string, unknown>> } | null;
}

const text = fc.constantFrom('a', 'b', 'c');
const caller = fc.record({
  name: text,
  factor: fc.integer({ min: 0, max: 2 }),
  recordTitle: text,
  isBound: fc.boolean(),
});
const called = fc.record({ name: text, path: text });
const value = fc.oneof(text, fc.constant(1.5), fc.constant({ of: ['x', null] }));
const table = fc.record({ title: text, entries: fc.dictionary(text, value) });
const sandbox: fc.Arbitrary<World> = fc.record({ caller, called, table });
const production: fc.Arbitrary<World> = fc.record({
  caller: fc.option(caller),
  called: fc.option(called),
  table: fc.option(table),
});

const node = (type: string, config: object) => ({ type, version: 1, config });
const rest = { layout: { nodes: {} }, samples: {}, tests: {} };

/** Webhook → look-up → call, by parameter and with a record type. */
function callerFlow(id: string, { name, recordTitle }: NonNullable<World['caller']>) {
  const nodes = {
    begin: node('core/webhook', { path: `${id}/begin` }),
    unit: node('core/map', { expression: `{ "unit": $lookup("${id}-units", "a", ""), "by": $params.factor }` }),
    take: { ...node('test/take', {}), connection: 'shelf' },
    go: node('core/call-flow', { flow: `${id}-sub`, payload: '{% $ %}' }),
  };
  const edges = [
    { from: 'begin', to: 'unit' },
    { from: 'unit', to: 'take' },
    { from: 'take', to: 'go' },
  ];
  const parameters = { type: 'object', properties: { factor: { type: 'integer', default: 0 } } };
  const records = [{ id: `${id}-stock`, title: recordTitle, schema: { type: 'object' } }];
  const connections = { shelf: { type: 'test/shelf' } };
  return { flow: { format: 1, id, name, parameters, connections, nodes, edges }, records, ...rest };
}

function calledFlow(id: string, { name, path }: NonNullable<World['called']>) {
  const nodes = { hook: node('core/webhook', { path: `${id}/${path}` }), same: node('core/map', { expression: '$' }) };
  return { flow: { format: 1, id, name, nodes, edges: [{ from: 'hook', to: 'same' }] }, records: [], ...rest };
}

async function serve(bundle: { flow: { id: string } }, environment: string, settings: object): Promise<void> {
  const { id } = bundle.flow;
  const { status, body } = await instance.call('GET', `/flows/${id}`);
  if (status === 404) await made('POST', '/flows', bundle);
  else await made('PUT', `/flows/${id}`, { revision: body.revision, bundle });
  await made('POST', `/flows/${id}/deploy`, { environment, ...settings });
}

async function build(id: string, environment: string, { caller, called, table }: World): Promise<void> {
  if (table) {
    await made('PUT', `/code-tables/${id}-units`, { title: table.title, environment });
    const set = Object.entries(table.entries).map(([key, value]) => ({ key, value }));
    await made('POST', `/code-tables/${id}-units/entries`, { environment, set });
  }
  if (called) await serve(calledFlow(`${id}-sub`, called), environment, {});
  if (caller) {
    const connections = caller.isBound ? { shelf: await shelf(id, environment) } : {};
    await serve(callerFlow(id, caller), environment, { parameters: { factor: caller.factor }, connections });
  }
}

async function shelf(id: string, environment: string): Promise<string> {
  const name = `${id} ${++shelves}`;
  return (await made('POST', '/connections', { type: 'test/shelf', name, environment, config: { folder: name } })).id;
}

/** Everything that serves for the tenant in production, byte by byte. */
function present(): Promise<unknown> {
  const { api, tenants } = instance;
  return api.database.asTenants([tenants.acme.id], async (tx) => [
    await rowsOf(
      tx,
      sql`select flow_id, version, parameters::text, connections::text, paused_at from millrace.deployment`,
    ),
    await rowsOf(tx, sql`select method, path, flow_id, node from millrace.webhook_route`),
    await rowsOf(tx, sql`select name, title from millrace.code_table`),
    await rowsOf(tx, sql`select name, key, value::text, valid_from::text, valid_to::text from millrace.code_entry`),
    await rowsOf(tx, sql`select id, definition::text from millrace.record_type`),
  ]);
}

async function rowsOf(tx: Tx, select: ReturnType<typeof sql>): Promise<unknown> {
  return (await sql`${select} where environment = 'production' order by 1, 2`.execute(tx)).rows;
}

let worlds = 0;
let shelves = 0;

test('R-F10 after a promotion and its rollback production is as before, byte by byte, whatever there was', async () => {
  await fc.assert(
    fc.asyncProperty(sandbox, production, fc.boolean(), async (tried, served, isGiven) => {
      const id = `world-${++worlds}`;
      await build(id, 'production', served);
      await build(id, 'sandbox', tried);
      const before = await present();
      const given = { [id]: { connections: { shelf: await shelf(id, 'production') }, parameters: { factor: 7 } } };
      const planned = await made('POST', '/promotions', { flow: id, settings: isGiven ? given : {} });
      await made('POST', `/promotions/${planned.id}/approve`, {});
      await made('POST', `/promotions/${planned.id}/apply`, {});
      expect(await stillDifferent(id)).toEqual([]);
      await made('POST', `/promotions/${planned.id}/rollback`, {});
      expect(await present()).toEqual(before);
    }),
    { numRuns: 12 },
  );
}, 300_000);

/** What a plan right after it would move: nothing. */
async function stillDifferent(flow: string): Promise<unknown[]> {
  const { parts } = await made('POST', '/promotions', { flow });
  return parts.flatMap(({ changes }: { changes: unknown[] }) => changes);
}
