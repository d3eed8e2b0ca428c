import type { ServerResponse } from 'node:http';
import { type Arrival, ExactNumber, type Json, readJson, writeJson } from '@millrace/contract';
import { evaluateText } from '@millrace/testing/evaluate-config';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { connectionTo } from '@millrace/testing/run-node';
import { describe, expect, test } from 'vitest';
import type { HttpConnection } from '../http-connection/config.ts';
import { noConnection, setup } from '../http-request/local-server.fixture.ts';
import type { PollConfig } from './config.ts';
import type { HttpPoll } from './pages.ts';
import poll from './trigger.ts';

interface Order {
  readonly id: string;
  readonly changed_at: string;
  readonly total?: Json;
}
const order = (number: number): Order => ({ id: `D-${number}`, changed_at: `2026-03-02T09:${10 + number}:00Z` });
const orders = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => order(from + index));

const answer = (response: ServerResponse, body: Json, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(writeJson(body));

/** A system with orders, two on a page, by any of the ways of paging; and what a poll of it does. */
async function erp(options: { failsAt?: number; orders?: readonly Order[] } = {}) {
  const state = { orders: options.orders ?? orders(1, 5), failsAt: options.failsAt ?? Number.POSITIVE_INFINITY };
  let requests = 0;
  const { base, received } = await setup((response, { url }) => {
    const { searchParams: query } = new URL(url ?? '', 'http://erp');
    if (++requests === state.failsAt) return void answer(response, { message: 'down' }, 503);
    const since = query.get('changed_since') ?? '';
    const fresh = state.orders.filter(({ changed_at: changed }) => changed > since);
    const from = query.has('page') ? 2 * (Number(query.get('page')) - 1) : Number(query.get('offset') ?? 0);
    const next = from + 2 < fresh.length ? `/api/orders?offset=${from + 2}&changed_since=${since}` : null;
    answer(response, { orders: fresh.slice(from, from + 2) as unknown as Json, next });
  });

  const accepted: Arrival[] = [];
  let cursor: Json | undefined;
  /** A repeated event id is a duplicate, as for the engine. */
  const run = (config: Partial<PollConfig> = {}, overrides: Partial<HttpPoll> = {}) =>
    poll.poll?.(
      { url: `${base}/api/orders`, items: 'body.orders', ...config },
      {
        tenant: { slug: 'acme', timeZone: 'UTC' },
        signal: new AbortController().signal,
        now: new Date(),
        fetch,
        evaluate: (text, input) => evaluateText(text, input, new Date()),
        log: { info: () => {}, warn: () => {} },
        connection: noConnection,
        blobs: memoryBlobs(),
        cursor,
        saveCursor: async (next) => {
          cursor = readJson(writeJson(next));
        },
        accept: async (arrival) => {
          const duplicate = accepted.some(({ eventId }) => eventId === arrival.eventId);
          if (!duplicate) accepted.push(arrival);
          return { run: 'r', duplicate };
        },
        ...overrides,
      },
    );
  const taken = () => accepted.map(({ payload }) => (payload as unknown as Order).id ?? payload);
  return { base, state, received, run, accepted, taken, cursor: () => cursor };
}

const cursor = { parameter: 'changed_since', next: '$sort(items.changed_at)[-1]' };
const link = { by: 'link', next: 'body.next' } as const;
const all = ['D-1', 'D-2', 'D-3', 'D-4', 'D-5'];

describe('every item starts a run, whatever the paging', () => {
  test.each<[string, NonNullable<PollConfig['paging']>]>([
    ['link', link],
    ['page', { by: 'page', parameter: 'page' }],
    ['offset', { by: 'offset', parameter: 'offset' }],
  ])('by %s', async (_by, paging) => {
    const { run, taken, cursor: saved } = await erp();
    await run({ paging, cursor });
    expect(taken()).toEqual(all);
    expect(saved()).toEqual({ value: order(5).changed_at });
  });

  test('without paging there is one answer', async () => {
    const { run, taken } = await erp();
    await run();
    expect(taken()).toEqual(['D-1', 'D-2']);
  });

  test('one run a page has the list of its items', async () => {
    const { run, taken } = await erp();
    await run({ paging: link, runs: 'page' });
    expect(taken()).toEqual([orders(1, 2), orders(3, 4), orders(5, 5)]);
  });

  test('numbers keep their digits, in the data and in the cursor', async () => {
    const total = new ExactNumber('9007199254740993');
    const { run, accepted, received } = await erp({ orders: [{ ...order(1), total }] });
    const config = { cursor: { parameter: 'changed_since', next: 'items[0].total' } };
    await run(config);
    expect(accepted[0]?.payload).toMatchObject({ total });
    await run(config);
    expect(received.at(-1)?.url).toBe('/api/orders?changed_since=9007199254740993');
  });
});

describe('the next poll', () => {
  test('asks only for what is new', async () => {
    const { run, taken, state, received } = await erp();
    await run({ paging: link, cursor });
    state.orders = orders(1, 6);
    await run({ paging: link, cursor });
    expect(taken()).toEqual([...all, 'D-6']);
    expect(new URL(received.at(-1)?.url ?? '', 'http://erp').searchParams.get('changed_since')).toBe(
      order(5).changed_at,
    );
  });

  test('after one without anything new asks for the same again', async () => {
    const { run, cursor: saved } = await erp();
    await run({ paging: link, cursor });
    await run({ paging: link, cursor });
    expect(saved()).toEqual({ value: order(5).changed_at });
  });

  test('without a cursor starts runs for changed items only', async () => {
    const { run, accepted, state } = await erp({ orders: orders(1, 2) });
    await run();
    await run();
    expect(accepted).toHaveLength(2);
    state.orders = [order(1), { ...order(2), total: 5 }];
    await run();
    expect(accepted.at(-1)?.payload).toMatchObject({ id: 'D-2', total: 5 });
    expect(accepted).toHaveLength(3);
  });
});

describe('the first poll', () => {
  test('“now” starts no run, and what comes after it does', async () => {
    const { run, taken, state } = await erp();
    const config = { paging: link, cursor: { ...cursor, firstPoll: 'now' as const } };
    await run(config);
    expect(taken()).toEqual([]);
    state.orders = orders(1, 6);
    await run(config);
    expect(taken()).toEqual(['D-6']);
  });

  test('“now” of an empty system is over, too: the first item that comes starts a run', async () => {
    const { run, taken, state } = await erp({ orders: [] });
    const config = { cursor: { ...cursor, firstPoll: 'now' as const } };
    await run(config);
    state.orders = orders(1, 1);
    await run(config);
    expect(taken()).toEqual(['D-1']);
  });

  test('begins where it is told to', async () => {
    const { run, taken } = await erp();
    await run({ paging: link, cursor: { ...cursor, start: order(3).changed_at } });
    expect(taken()).toEqual(['D-4', 'D-5']);
  });
});

describe('a failure in the middle', () => {
  test('loses nothing and doubles nothing: the cursor stays, and the same is read again', async () => {
    const { run, taken, state, cursor: saved } = await erp({ failsAt: 2 });
    await expect(run({ paging: link, cursor })).rejects.toMatchObject({ code: 'HTTP_503', category: 'transient' });
    expect(taken()).toEqual(['D-1', 'D-2']);
    expect(saved()).toBeUndefined();
    state.failsAt = Number.POSITIVE_INFINITY;
    await run({ paging: link, cursor });
    expect(taken()).toEqual(all);
  });

  test('of accepting a run leaves the cursor where it was', async () => {
    const { run, cursor: saved } = await erp();
    const accept = () => Promise.reject(new Error('the database is away'));
    await expect(run({ paging: link, cursor }, { accept })).rejects.toThrow('the database is away');
    expect(saved()).toBeUndefined();
  });

  test('of the process aborts the request', async () => {
    const { run } = await erp();
    await expect(run({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('paging is refused', () => {
  test.each([
    ['to another system', '"https://evil.example.com/next"', 'PAGE_ELSEWHERE'],
    ['to no address', '{"a": 1}', 'PAGE_ELSEWHERE'],
    ['to a file', '"file:///etc/passwd"', 'PAGE_ELSEWHERE'],
    ['to itself', '"/api/orders"', 'PAGING_ENDLESS'],
  ])('%s', async (_case, next, code) => {
    const { run, received } = await erp();
    await expect(run({ paging: { by: 'link', next } })).rejects.toMatchObject({ code });
    expect(received).toHaveLength(1);
  });

  test('beyond the bound', async () => {
    const { run, received } = await erp();
    await expect(run({ paging: link, maxPages: 2 })).rejects.toMatchObject({ code: 'PAGING_ENDLESS' });
    expect(received).toHaveLength(2);
  });
});

test('a cursor that is no text or number is refused before it is sent', async () => {
  const { run } = await erp();
  const config = { cursor: { parameter: 'c', next: '{"a": 1}' } };
  await run(config);
  await expect(run(config)).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
});

test('an event is named by the expression, or by its content where that gives nothing', async () => {
  const { run, accepted } = await erp({ orders: orders(1, 2) });
  await run({ eventId: 'id = "D-1" ? id & "/" & changed_at' });
  expect(accepted.map(({ eventId }) => eventId)).toEqual([
    `D-1/${order(1).changed_at}`,
    expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  ]);
});

test('the connection gives address and login, also to the next page', async () => {
  const { base, run, received, taken } = await erp();
  const config: HttpConnection = { baseUrl: `${base}/api`, auth: 'bearer', token: 'tok' };
  await run({ url: 'orders', paging: link }, { connection: connectionTo(config) });
  expect(taken()).toEqual(all);
  expect(received.every(({ headers }) => headers.authorization === 'Bearer tok')).toBe(true);
});
