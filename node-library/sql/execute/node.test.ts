import type { NodeContext } from '@millrace/contract';
import { connectionTo, runNode } from '@millrace/testing/run-node';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { PostgresConfig } from '../postgres/config.ts';
import { startDatabase } from '../postgres/database.fixture.ts';
import execute from './node.ts';

type Database = Awaited<ReturnType<typeof startDatabase>>;
const databases: Database[] = [];
let database: Database;
beforeEach(async () => {
  database = await startDatabase();
  databases.push(database);
});
afterAll(async () => {
  for (const { stop } of databases) await stop();
});

const insert = 'insert into order_lines (order_id, sku) values ($1, $2) returning sku';
const write = (config: Parameters<typeof execute.run>[1], overrides: Partial<NodeContext<PostgresConfig>> = {}) =>
  runNode(execute, null, config, { connection: connectionTo(database.config), ...overrides });
const lines = async () =>
  (await database.admin.query<{ sku: string }>('select sku from order_lines')).rows.map(({ sku }) => sku);

test('a batch is written as a whole', async () => {
  const batch = [
    [1, 'A'],
    [1, 'B'],
  ];
  expect(await write({ sql: insert, batch })).toMatchObject({
    data: { rowCount: 2, rows: [{ sku: 'A' }, { sku: 'B' }] },
  });
  expect(await lines()).toEqual(['A', 'B']);
});

test('or, where one row cannot be, not at all', async () => {
  const batch = [
    [1, 'A'],
    [999, 'B'],
  ];
  expect(await write({ sql: insert, batch })).toMatchObject({
    error: { code: 'SQL_CONSTRAINT', category: 'validation', details: { table: 'order_lines', sqlstate: '23503' } },
  });
  expect(await lines()).toEqual([]);
});

describe('a repeat', () => {
  test('is recognised by the key table, and gives the first result', async () => {
    const config = { sql: insert, parameters: [1, 'A'], keyTable: 'public.millrace_once' };
    const first = await write(config);
    expect(await write(config, { repeated: true })).toEqual(first);
    expect(await lines()).toEqual(['A']);
  });

  test('at the same time is recognised too', async () => {
    const config = { sql: insert, parameters: [1, 'A'], keyTable: 'millrace_once' };
    const results = await Promise.all(Array.from({ length: 5 }, () => write(config)));
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(await lines()).toEqual(['A']);
  });

  test('is refused where nothing would recognise it', async () => {
    const config = { sql: insert, parameters: [1, 'A'] };
    expect(await write(config, { repeated: true })).toMatchObject({ error: { code: 'OUTCOME_UNKNOWN' } });
    expect(await lines()).toEqual([]);
  });

  test('is run again where the author says that it may be', async () => {
    const config = { sql: insert, parameters: [1, 'A'], whenUnknown: 'retry' as const };
    expect(await write(config, { repeated: true })).toMatchObject({ data: { rowCount: 1 } });
  });
});

test('a write that fails leaves no key behind', async () => {
  await write({ sql: insert, parameters: [999, 'A'], keyTable: 'millrace_once' });
  const { rowCount } = await database.admin.query('select from millrace_once');
  expect(rowCount).toBe(0);
});

test('an answer that is lost at the commit leaves the outcome unknown', async () => {
  // The server itself cuts the connection while it commits: the write is refused, but nobody hears of it.
  await database.admin.query(`
    create function cut() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
    create constraint trigger cut after insert on order_lines deferrable initially deferred for each row execute function cut()`);
  expect(await write({ sql: insert, parameters: [1, 'A'] })).toMatchObject({ error: { code: 'OUTCOME_UNKNOWN' } });
  expect(await write({ sql: insert, parameters: [1, 'A'], whenUnknown: 'retry' })).toMatchObject({
    error: { code: 'SQL_UNREACHABLE', category: 'transient' },
  });
});

test.each(['commit', '/* */ rollback', 'begin', 'savepoint a', "prepare transaction 'x'"])(
  '%s is refused: the step has a transaction of its own',
  async (sql) => {
    expect(await write({ sql })).toMatchObject({ kind: 'fail', error: { category: 'validation' } });
  },
);

test('several statements in one are refused', async () => {
  expect(await write({ sql: 'delete from order_lines; delete from orders' })).toMatchObject({
    error: { code: 'SQL_STATEMENT_INVALID' },
  });
  const { rowCount } = await database.admin.query('select from orders');
  expect(rowCount).toBe(3);
});

test('parameters and a batch together are refused', async () => {
  expect(await write({ sql: insert, parameters: [1, 'A'], batch: [[1, 'B']] })).toMatchObject({
    error: { code: 'SQL_PARAMETERS_TWICE', pointer: '/batch' },
  });
});
