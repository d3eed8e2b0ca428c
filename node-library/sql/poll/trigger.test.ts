import type { Arrival, Json, PollContext } from '@millrace/contract';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { connectionTo, stepTime } from '@millrace/testing/run-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PostgresConfig } from '../postgres/config.ts';
import { startDatabase } from '../postgres/database.fixture.ts';
import poll from './trigger.ts';

let database: Awaited<ReturnType<typeof startDatabase>>;
beforeEach(async () => {
  database = await startDatabase();
});
afterEach(() => database?.stop());

const byId = {
  sql: 'select change_id, sku, quantity from stock_changes where change_id > coalesce($1, 0) order by change_id',
  cursorColumn: 'change_id',
};

/** A source as the engine keeps it: the cursor, and the events that were taken. */
function source(config: Parameters<NonNullable<typeof poll.poll>>[0] = byId) {
  const kept = { cursor: undefined as Json | undefined, arrivals: [] as Arrival[] };
  const context = (accept: PollContext['accept']): PollContext<PostgresConfig> => ({
    tenant: { slug: 'acme', timeZone: 'UTC' },
    signal: new AbortController().signal,
    now: stepTime,
    fetch: () => Promise.reject(new Error('no network')),
    evaluate: async () => undefined,
    log: { info: () => {}, warn: () => {} },
    connection: connectionTo(database.config),
    blobs: memoryBlobs(),
    cursor: kept.cursor,
    saveCursor: async (cursor) => {
      kept.cursor = cursor;
    },
    accept,
  });
  const take: PollContext['accept'] = async (arrival) => {
    const duplicate = kept.arrivals.some(({ eventId }) => eventId === arrival.eventId);
    if (!duplicate) kept.arrivals.push(arrival);
    return { run: arrival.eventId ?? '', duplicate };
  };
  return { kept, look: async (accept = take) => poll.poll?.(config, context(accept)), take };
}

const change = (id: number, sku: string, at = '2026-03-01T08:00:00Z') =>
  database.admin.query('insert into stock_changes values ($1, $2, 5, $3)', [id, sku, at]);

test('R-C10 every change of a table starts one run, in order', async () => {
  const { kept, look } = source();
  await change(1, 'A');
  await change(2, 'B');
  await look();
  await look();
  await change(3, 'C');
  await look();
  expect(kept.arrivals.map(({ payload, eventId }) => [payload, eventId])).toEqual([
    [{ change_id: 1, sku: 'A', quantity: 5 }, '1'],
    [{ change_id: 2, sku: 'B', quantity: 5 }, '2'],
    [{ change_id: 3, sku: 'C', quantity: 5 }, '3'],
  ]);
  expect(kept.cursor).toBe(3);
});

test('a row whose run could not be started is read again, and the others are not lost', async () => {
  const { kept, look, take } = source();
  await change(1, 'A');
  await change(2, 'B');
  const broken = look((arrival) => (arrival.eventId === '2' ? Promise.reject(new Error('disk full')) : take(arrival)));
  await expect(broken).rejects.toThrow('disk full');
  expect(kept.cursor).toBe(1);
  await look();
  expect(kept.arrivals.map(({ eventId }) => eventId)).toEqual(['1', '2']);
});

test('of rows with one cursor none is left behind', async () => {
  const byTime = {
    sql: "select change_id, changed_at from stock_changes where changed_at > coalesce($1, '-infinity')::timestamptz order by changed_at, change_id",
    cursorColumn: 'changed_at',
    eventIdColumn: 'change_id',
  };
  const { kept, look, take } = source(byTime);
  await change(1, 'A', '2026-03-01T08:00:00.000001Z');
  for (const id of [2, 3, 4]) await change(id, 'A', '2026-03-01T08:00:00.000002Z');
  await look((arrival) => (arrival.eventId === '3' ? Promise.reject(new Error('cut')) : take(arrival))).catch(
    () => undefined,
  );
  expect(kept.cursor).toBe('2026-03-01T08:00:00.000001Z');
  await look();
  expect(kept.arrivals.map(({ eventId }) => eventId)).toEqual(['1', '2', '3', '4']);
  expect(kept.cursor).toBe('2026-03-01T08:00:00.000002Z');
});

test('a start is where the first look begins', async () => {
  const { kept, look } = source({ ...byId, start: 1 });
  await change(1, 'A');
  await change(2, 'B');
  await look();
  expect(kept.arrivals.map(({ eventId }) => eventId)).toEqual(['2']);
});

test.each([
  [{ ...byId, cursorColumn: 'id' }, '/cursorColumn'],
  [
    { ...byId, eventIdColumn: 'nothing', sql: 'select change_id, $1::int as nothing from stock_changes' },
    '/eventIdColumn',
  ],
])('a column that is not there is named', async (config, pointer) => {
  await change(1, 'A');
  const { look } = source(config);
  await expect(look()).rejects.toMatchObject({ code: 'SQL_COLUMN_MISSING', options: { pointer } });
});
