import { ExactNumber, type Json, type NodeContext } from '@millrace/contract';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { connectionTo, runNode } from '@millrace/testing/run-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PostgresConfig } from '../postgres/config.ts';
import { startDatabase } from '../postgres/database.fixture.ts';
import query from './node.ts';

let database: Awaited<ReturnType<typeof startDatabase>>;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database?.stop());

type Config = Parameters<typeof query.run>[1];
const ask = (
  sql: string,
  parameters: Json[] = [],
  more: Partial<Config> = {},
  overrides: Partial<NodeContext<PostgresConfig>> = {},
) => runNode(query, null, { sql, parameters, ...more }, { connection: connectionTo(database.config), ...overrides });
const result = async (sql: string, parameters?: Json[]) => {
  const answer = await ask(`select ${sql} as v`, parameters);
  return (answer as unknown as { data: { rows: { v: Json }[] } }).data?.rows[0]?.v;
};

describe('a query hands on', () => {
  test.each<[string, Json]>([
    ['9007199254740993::bigint', new ExactNumber('9007199254740993')],
    ['12345678901234567890.12::numeric', new ExactNumber('12345678901234567890.12')],
    ['0.1::numeric + 0.2', 0.3],
    ["'NaN'::numeric", 'NaN'],
    ['1.5::float8', 1.5],
    ["'-Infinity'::float8", '-Infinity'],
    ['true', true],
    ['null', null],
    ["timestamptz '2026-03-02 09:30:00.123456+01'", '2026-03-02T08:30:00.123456Z'],
    ["timestamp '2026-03-02 09:30:00'", '2026-03-02T09:30:00'],
    ["date '2026-03-02'", '2026-03-02'],
    ["timestamptz 'infinity'", 'infinity'],
    [`'{"n": 9007199254740993}'::jsonb`, { n: new ExactNumber('9007199254740993') }],
    ['array[1, 9007199254740993]::bigint[]', [1, new ExactNumber('9007199254740993')]],
    ["array['a,b', null, '\"c\"']", ['a,b', null, '"c"']],
    ["interval '1 day 2 hours'", 'P1DT2H'],
    [`'\\x00ff'::bytea`, '\\x00ff'],
  ])('%s exactly', async (sql, expected) => {
    expect(await result(sql)).toEqual(expected);
  });
});

describe('a parameter', () => {
  test.each<[string, Json, Json]>([
    ['$1::text', "x'; drop table orders; --", "x'; drop table orders; --"],
    ['$1::numeric', new ExactNumber('12345678901234567890.12'), new ExactNumber('12345678901234567890.12')],
    ['2 = any($1::int[])', [1, 2], true],
    ['$1::jsonb', { a: [1, { b: null }] }, { a: [1, { b: null }] }],
    ['$1::jsonb', [{ a: 1 }], [{ a: 1 }]],
    ['$1::text is null', null, true],
  ])('%s takes %j as it is', async (sql, value, expected) => {
    expect(await result(sql, [value])).toEqual(expected);
  });
});

describe('a query never writes', () => {
  test.each([
    ['delete from orders', 'SQL_STATEMENT_INVALID'],
    ['with gone as (delete from orders returning id) select * from gone', 'SQL_STATEMENT_INVALID'],
    ['select 1; delete from orders', 'SQL_STATEMENT_INVALID'],
    ['select 1; commit; delete from orders', 'SQL_STATEMENT_INVALID'],
    ["select set_config('transaction_read_only', 'off', false)", 'SQL_READ_ONLY'],
    ['select wipe()', 'SQL_READ_ONLY'],
  ])('%s', async (sql, code) => {
    await database.admin.query(
      'create or replace function wipe() returns int language sql as $$ delete from orders returning 1 $$',
    );
    expect(await ask(sql)).toMatchObject({ kind: 'fail', error: { code, category: 'validation' } });
    const { rows } = await database.admin.query('select count(*)::int as n from orders');
    expect(rows).toEqual([{ n: 3 }]);
  });
});

test('more rows than allowed fail the step; nothing is cut off', async () => {
  const sql = 'select * from generate_series(1, $1::int) as n';
  expect(await ask(sql, [1000])).toMatchObject({ data: { count: 1000 } });
  expect(await ask(sql, [1001])).toMatchObject({ error: { code: 'SQL_TOO_MANY_ROWS', pointer: '/maxRows' } });
  expect(await ask(sql, [1001], { maxRows: 2000 })).toMatchObject({ data: { count: 1001 } });
});

test('any number of rows becomes a file', async () => {
  const blobs = memoryBlobs();
  const sql = 'select n, n * 1.1 as price from generate_series(1, 20000) as n';
  const result = await ask(sql, [], { result: 'file' }, { blobs });
  expect(result).toMatchObject({ data: { count: 20_000, file: { mediaType: 'application/x-ndjson' } } });
  const { file } = (result as unknown as { data: { file: Parameters<typeof blobs.readLines>[0] } }).data;
  for await (const row of blobs.readLines(file, 19_999)) expect(row).toEqual({ n: 20_000, price: 22_000 });
});

test('two columns of one name are refused', async () => {
  expect(await ask('select 1 as a, 2 as a')).toMatchObject({ error: { code: 'SQL_COLUMN_TWICE' } });
});

test('a column may have any name', async () => {
  const result = await ask('select 1 as "__proto__"');
  expect(JSON.stringify((result as unknown as { data: Json }).data)).toBe('{"rows":[{"__proto__":1}],"count":1}');
});

describe('what goes wrong is told by kind:', () => {
  const connection = (changes: Partial<PostgresConfig>) => ({
    connection: connectionTo({ ...database.config, ...changes }),
  });

  test.each([
    ['select nothing from nowhere', 'SQL_STATEMENT_INVALID', 'validation'],
    ['select 1 / 0', 'SQL_DATA', 'validation'],
    ["select 'canary'::int", 'SQL_DATA', 'validation'],
  ])('%s', async (sql, code, category) => {
    const result = await ask(sql);
    expect(result).toMatchObject({ error: { code, category } });
    expect(JSON.stringify(result)).not.toContain('canary');
  });

  test('a statement that takes too long', async () => {
    const result = await ask('select pg_sleep(60)', [], {}, connection({ statementTimeout: '100ms' }));
    expect(result).toMatchObject({ error: { code: 'SQL_TIMEOUT', category: 'transient' } });
  });

  test('a wrong password, which is not told', async () => {
    await database.admin.query("create role reader login password 'right'; ");
    const result = await ask('select 1', [], {}, connection({ username: 'reader', password: 'canary' }));
    await database.admin.query('drop role reader');
    expect(result).toMatchObject({ error: { code: 'SQL_LOGIN_REFUSED', category: 'auth' } });
    expect(JSON.stringify(result)).not.toContain('canary');
  });

  test('a server that is not there', async () => {
    const result = await ask('select 1', [], {}, connection({ port: 1 }));
    expect(result).toMatchObject({ error: { code: 'SQL_UNREACHABLE', category: 'transient' } });
  });

  test('a server without encryption, where it must be encrypted', async () => {
    const result = await ask('select 1', [], {}, connection({ encryption: 'verified' }));
    expect(result).toMatchObject({ error: { code: 'SQL_TLS_FAILED', category: 'auth' } });
  });
});

test('a cancelled run ends its statement on the server', async () => {
  const abort = new AbortController();
  const running = ask('select pg_sleep(60)', [], {}, { signal: abort.signal });
  const busy =
    "select from pg_stat_activity where query like 'fetch%' and state = 'active' and pid <> pg_backend_pid() and datname = current_database()";
  await expect.poll(async () => (await database.admin.query(busy)).rowCount).toBe(1);
  abort.abort();
  expect(await running).toMatchObject({ error: { code: 'CANCELLED', category: 'cancelled' } });
  await expect.poll(async () => (await database.admin.query(busy)).rowCount).toBe(0);
});
