import type { Json } from '@millrace/contract';
import Type from 'typebox';
import { changeTable, type TableChange } from '../code-tables/change-table.ts';
import { entriesFromCsv, entriesToCsv } from '../code-tables/csv.ts';
import { tablesOf } from '../code-tables/tables-of.ts';
import {
  type CodeEntry,
  deleteCodeTable,
  listCodeTables,
  listEntries,
  saveCodeTable,
  type TableAddress,
} from '../postgres/code-tables/code-tables.ts';
import { servingBundles } from '../postgres/queries/serving-bundles.ts';
import { notFound } from './errors.ts';
import { type Api, ok, route } from './route.ts';
import { Environment, FlowId, Limit, orNull, Time } from './schemas.ts';

const closed = { additionalProperties: false };
const params = Type.Object({ name: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_.-]{0,99}$' }) });
const environment = Type.Optional(Environment);
const inEnvironment = Type.Object({ environment }, closed);

const Key = Type.String({ minLength: 1, maxLength: 200 });
const Day = orNull(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'ISO date' }));
const Entry = Type.Object(
  {
    key: Key,
    value: Type.Unknown({ description: 'Any JSON' }),
    validFrom: Type.Optional(Day),
    validTo: Type.Optional(Day),
  },
  closed,
);
const Table = Type.Object({
  name: Type.String(),
  title: Type.String(),
  version: Type.Integer({ description: 'Raised by every change of its entries' }),
  entries: Type.Integer(),
  updatedAt: Time,
});
const Changed = { 200: { description: 'Changed', schema: Type.Object({ version: Type.Integer() }) } };

export const codeTableRoutes = [
  route({
    method: 'get',
    path: '/code-tables',
    action: 'code-tables.read',
    tag: 'Code tables',
    summary: 'Code tables of an environment',
    query: inEnvironment,
    answers: { 200: { description: 'By name', schema: Type.Object({ tables: Type.Array(Table) }) } },
    handle: async ({ query, identity: { tenant } }, { database }) =>
      ok({
        tables: await database.asTenants([tenant.id], (tx) =>
          listCodeTables(tx, tenant.id, query.environment ?? 'production'),
        ),
      }),
  }),
  route({
    method: 'get',
    path: '/code-tables/:name/uses',
    action: 'code-tables.read',
    tag: 'Code tables',
    summary: 'Which flows look something up in a code table',
    params,
    query: inEnvironment,
    answers: {
      200: {
        description: 'Those that serve in the environment; what an expression computes as a name is not known',
        schema: Type.Object({ flows: Type.Array(Type.Object({ id: FlowId, name: Type.String() })) }),
      },
    },
    async handle({ params: { name }, query, identity: { tenant } }, { database, types }) {
      const environment = query.environment ?? 'production';
      const bundles = await database.asTenants([tenant.id], async (tx) => {
        const tables = await listCodeTables(tx, tenant.id, environment);
        if (!tables.some((table) => table.name === name)) throw notFound('This code table');
        return servingBundles(tx, tenant.id, environment);
      });
      const using = bundles.filter((bundle) => tablesOf(bundle, types).includes(name));
      return ok({ flows: using.map(({ flow }) => ({ id: flow.id, name: flow.name })) });
    },
  }),
  route({
    method: 'put',
    path: '/code-tables/:name',
    action: 'code-tables.edit',
    tag: 'Code tables',
    summary: 'Create a code table, or change its title',
    params,
    body: Type.Object({ title: Type.String({ minLength: 1, maxLength: 200 }), environment }, closed),
    answers: { 200: { description: 'Kept', schema: Type.Object({ name: Type.String(), title: Type.String() }) } },
    async handle({ params: { name }, body, identity: { tenant } }, { database }) {
      const address = addressOf(tenant.id, name, body.environment);
      await database.asTenants([tenant.id], (tx) => saveCodeTable(tx, address, body.title));
      return ok({ name, title: body.title });
    },
  }),
  route({
    method: 'post',
    path: '/code-tables/:name/delete',
    action: 'code-tables.edit',
    tag: 'Code tables',
    summary: 'Delete a code table with its entries',
    params,
    body: inEnvironment,
    answers: { 200: { description: 'Deleted', schema: Type.Object({ name: Type.String() }) } },
    async handle({ params: { name }, body, identity: { tenant } }, { database }) {
      const address = addressOf(tenant.id, name, body.environment);
      const wasThere = await database.asTenants([tenant.id], (tx) => deleteCodeTable(tx, address));
      if (!wasThere) throw notFound('This code table');
      return ok({ name });
    },
  }),
  route({
    method: 'get',
    path: '/code-tables/:name/entries',
    action: 'code-tables.read',
    tag: 'Code tables',
    summary: 'Entries of a code table, by key',
    params,
    query: Type.Object({ environment, limit: Limit, after: Type.Optional(Key) }, closed),
    answers: {
      200: {
        description: 'A page of keys with all their periods; `next` is the `after` of the following one',
        schema: Type.Object({
          entries: Type.Array(Type.Object({ key: Key, value: Type.Unknown(), validFrom: Day, validTo: Day })),
          next: orNull(Type.String()),
        }),
      },
    },
    async handle({ params: { name }, query, identity: { tenant } }, api) {
      const { limit = 50, after } = query;
      const page = { keys: limit, ...(after !== undefined && { after }) };
      const entries = await entriesOf(api, addressOf(tenant.id, name, query.environment), page);
      const keys = new Set(entries.map(({ key }) => key));
      return ok({ entries, next: keys.size === limit ? (entries.at(-1)?.key ?? null) : null });
    },
  }),
  route({
    method: 'post',
    path: '/code-tables/:name/entries',
    action: 'code-tables.edit',
    tag: 'Code tables',
    summary: 'Set and remove entries, all or none',
    description: 'What is set takes the place of everything that its key stood for.',
    params,
    body: Type.Object(
      {
        environment,
        set: Type.Optional(Type.Array(Entry, { maxItems: 20_000 })),
        remove: Type.Optional(Type.Array(Key, { maxItems: 20_000 })),
      },
      closed,
    ),
    answers: Changed,
    handle: ({ params: { name }, body, identity: { tenant } }, api) =>
      change(api, addressOf(tenant.id, name, body.environment), {
        set: (body.set ?? []).map(({ key, value, validFrom = null, validTo = null }) => ({
          key,
          value: value as Json,
          validFrom,
          validTo,
        })),
        remove: body.remove ?? [],
      }),
  }),
  route({
    method: 'post',
    path: '/code-tables/:name/import',
    action: 'code-tables.edit',
    tag: 'Code tables',
    summary: 'Import entries from CSV, all or none',
    description:
      'Columns: `key`; `value` for texts or `json` for any other value; `valid_from` and `valid_to` where entries are dated.',
    params,
    body: Type.Object(
      {
        environment,
        csv: Type.String({ maxLength: 10_000_000 }),
        mode: Type.Union([Type.Literal('replace'), Type.Literal('merge')], {
          description: 'replace: what the CSV lacks goes. merge: it stays.',
        }),
      },
      closed,
    ),
    answers: Changed,
    handle: ({ params: { name }, body, identity: { tenant } }, api) =>
      change(api, addressOf(tenant.id, name, body.environment), {
        set: entriesFromCsv(body.csv),
        remove: body.mode === 'replace' ? 'all' : [],
      }),
  }),
  route({
    method: 'get',
    path: '/code-tables/:name/export',
    action: 'code-tables.read',
    tag: 'Code tables',
    summary: 'All entries as CSV',
    params,
    query: inEnvironment,
    answers: { 200: { description: 'As the import takes it', schema: Type.Object({ csv: Type.String() }) } },
    handle: async ({ params: { name }, query, identity: { tenant } }, api) =>
      ok({ csv: entriesToCsv(await entriesOf(api, addressOf(tenant.id, name, query.environment), {})) }),
  }),
];

function addressOf(tenant: string, name: string, environment = 'production'): TableAddress {
  return { tenant, environment, name };
}

async function change({ database }: Api, address: TableAddress, tableChange: TableChange) {
  return ok({ version: await database.asTenants([address.tenant], (tx) => changeTable(tx, address, tableChange)) });
}

function entriesOf(
  { database }: Api,
  address: TableAddress,
  page: Parameters<typeof listEntries>[2],
): Promise<CodeEntry[]> {
  return database.asTenants([address.tenant], async (tx) => {
    const tables = await listCodeTables(tx, address.tenant, address.environment);
    if (!tables.some(({ name }) => name === address.name)) throw notFound('This code table');
    return listEntries(tx, address, page);
  });
}
