/** How records are found among many, on a real database. */
import { createDatabase } from '@millrace/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase, type Tx } from '../postgres/database.ts';
import { migrate } from '../postgres/migrate.ts';
import { queryRecords, type RecordSelection } from '../postgres/records/query-records.ts';
import { loadRecords } from '../postgres/records/records.ts';
import { environment, type RecordsFixture, startRecords } from './records.fixture.ts';

const count = 3_000;
let fixture: RecordsFixture;
beforeAll(async () => {
  fixture = await startRecords();
  const { admin, tenant, other } = fixture;
  await admin.query('set role millrace_app');
  await admin.query(`set app.tenants = '{${tenant},${other}}'`);
  await admin.query(
    `insert into millrace.record (tenant_id, environment, type, id, data)
     select tenant, $2, 'product', 'P' || lpad(n::text, 5, '0'), jsonb_build_object('sku', n, 'group', n / 3, 'kind', 'wine')
     from unnest($1::uuid[]) as tenant, generate_series(0, $3::int - 1) as n`,
    [[tenant, other], environment, count],
  );
  await admin.query('reset role');
});
afterAll(() => fixture?.stop());

/** The records that fit, and how many rows of the table were looked at for them. */
function look(where: RecordSelection['where'], limit = 100) {
  const { database, tenant } = fixture;
  const order = { by: '$id', descending: false };
  const selection = { tenant, environment, type: 'product', where, order, limit, unwritten: [] };
  return database.asTenants([tenant], async (tx) => {
    const before = await rowsRead(tx);
    const found = await queryRecords((ask) => ask(tx), selection);
    return { ids: found.map(({ id }) => id), read: (await rowsRead(tx)) - before };
  });
}

async function rowsRead(tx: Tx): Promise<number> {
  const table = sql`'millrace.record'::regclass`;
  const { rows } = await sql<{ read: number }>`
    select pg_stat_get_xact_tuples_fetched(${table}) + pg_stat_get_xact_tuples_returned(${table}) as read`.execute(tx);
  return rows[0]?.read ?? Number.NaN;
}

describe('of thousands of records', () => {
  test('R-O4 those that hold a value are found by looking at few', async () => {
    const { ids, read } = await look([{ field: 'group', equals: 700 }]);
    expect(ids).toEqual(['P02100', 'P02101', 'P02102']);
    expect(read).toBeLessThan(100);
  });

  test('those that hold one of some values', async () => {
    const { ids, read } = await look([{ field: 'sku', in: [5, 2999, 7777] }]);
    expect(ids).toEqual(['P00005', 'P02999']);
    expect(read).toBeLessThan(100);
  });

  test('many that hold a value are given in their order all the same', async () => {
    const { ids } = await look([{ field: 'kind', equals: 'wine' }], count + 1);
    expect(ids).toEqual(Array.from({ length: count }, (_, number) => `P${String(number).padStart(5, '0')}`));
  });

  test('further conditions are asked of those that were found', async () => {
    const { ids } = await look([
      { field: 'group', equals: 700 },
      { field: 'sku', above: 2100 },
      { field: 'kind', equals: 'wine' },
    ]);
    expect(ids).toEqual(['P02101', 'P02102']);
  });
});

test('records that are asked for by their ids are found by the key, though it was planned when there were few', async () => {
  const { tenant } = fixture;
  const scratch = await createDatabase({ template: 'millrace', prepare: migrate });
  const database = openDatabase(scratch.url, { size: 1 });
  onTestFinished(async () => {
    await database.close();
    await scratch.drop();
  });
  const read = (ids: readonly string[]) =>
    database.byIndex.asTenants([tenant], async (tx) => {
      const addresses = ids.map((id) => ({ tenant, environment, type: 'product', id }));
      const found = await loadRecords(tx, addresses);
      const { rows } = await sql<{ scans: number }>`
        select pg_stat_get_xact_numscans('millrace.record_newest'::regclass) as scans`.execute(tx);
      return { found, ...rows[0] };
    });
  for (let time = 0; time < 8; time++) expect(await read(['P00001', 'P00002'])).toEqual({ found: [], scans: 0 });
});

describe('R-X5 the look into the index', () => {
  const found = sql<{ id: string }>`
    select id from millrace.records_containing(${environment}, 'product', array['{"group": 700}']::jsonb[], 100) as id`;

  test('tells of no tenant but those that the transaction sees', async () => {
    const { database, tenant, other } = fixture;
    for (const [seen, records] of [
      [[tenant], 3],
      [[tenant, other], 6],
      [[crypto.randomUUID()], 0],
      [[], 0],
    ] as const)
      expect((await database.asTenants(seen, (tx) => found.execute(tx))).rows).toHaveLength(records);
  });

  test('is for the application alone, which takes on no more rights by it', async () => {
    const { database, admin } = fixture;
    await expect(database.asScanner((tx) => found.execute(tx))).rejects.toThrow('permission denied');
    const { rows } = await admin.query("select pg_has_role('millrace_app', 'millrace_search', 'member') as is_member");
    expect(rows).toEqual([{ is_member: false }]);
  });

  test('who owns the tables sees no record by it either', async () => {
    const { rows } = await fixture.admin.query<{ owner: boolean }>(
      `select pg_has_role(relowner, 'millrace_search', 'usage') as owner from pg_class where oid = 'millrace.record'::regclass`,
    );
    expect(rows).toEqual([{ owner: false }]);
  });
});
