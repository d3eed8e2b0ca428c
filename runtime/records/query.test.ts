import { ExactNumber, type Json, type RecordQuery } from '@millrace/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RecordsFixture, startRecords, stepTime } from './records.fixture.ts';

let fixture: RecordsFixture;
const big = (digits: string) => new ExactNumber(digits);
const data: readonly [string, Json][] = [
  ['A', { sku: 'A', price: 5, origin: { country: 'SE' }, at: '2026-01-10', seen: '2026-01-10T08:00:00Z' }],
  ['B', { sku: 'B', price: 10, origin: { country: 'NO' }, at: '2026-02-10', seen: '2026-01-10T09:00:00.25+01:00' }],
  ['C', { sku: 'C', price: big('12345678901234567890'), origin: { country: 'SE' }, seen: '2026-01-10T09:00:00Z' }],
  ['D', { sku: 'D', price: big('12345678901234567891'), origin: {}, at: null, seen: 'tomorrow' }],
];
beforeAll(async () => {
  fixture = await startRecords();
  await fixture.sync(data.map(([, item]) => item));
  await fixture.sync([{ sku: 'A', price: 1, origin: { country: 'SE' } }], {}, fixture.other);
});
afterAll(() => fixture?.stop());

const ids = async (query: Partial<RecordQuery>, records = fixture.burst().readonly) =>
  (await records.query('product', { orderBy: '$id', limit: 100, ...query })).records.map(({ id }) => id);

describe('records are found by', () => {
  test.each<[Partial<RecordQuery>, string]>([
    [{}, 'ABCD'],
    [{ where: [{ field: 'origin.country', equals: 'SE' }] }, 'AC'],
    [{ where: [{ field: 'origin.country', in: ['NO', 'DK'] }] }, 'B'],
    [{ where: [{ field: 'origin.country', in: [] }] }, ''],
    [{ where: [{ field: 'at', equals: null }] }, 'D'],
    [{ where: [{ field: 'price', equals: big('12345678901234567890') }] }, 'C'],
    [{ where: [{ field: 'price', equals: '5' }] }, ''],
    [{ where: [{ field: 'price', above: 5 }] }, 'BCD'],
    [{ where: [{ field: 'price', atLeast: 5, below: big('12345678901234567891') }] }, 'ABC'],
    [{ where: [{ field: 'at', atMost: '2026-01-31' }] }, 'A'],
    [{ where: [{ field: 'at', atLeast: 5 }] }, ''],
    [{ where: [{ field: 'seen', since: '2026-01-10T09:00:00+01:00' }] }, 'ABC'],
    [{ where: [{ field: 'seen', after: '2026-01-10T08:00:00Z' }] }, 'BC'],
    [{ where: [{ field: 'seen', until: '2026-01-10T08:00:00.250Z' }] }, 'AB'],
    [{ where: [{ field: 'seen', before: '2026-01-10T08:00:00.250Z' }] }, 'A'],
    [{ where: [{ field: '$id', in: ['B', 'D', 'Z', 4] }] }, 'BD'],
    [{ where: [{ field: '$id', equals: 'C' }] }, 'C'],
    [{ where: [{ field: '$id', above: 'B', below: 'D' }] }, 'C'],
    [{ where: [{ field: '$updated', since: '2000-01-01T00:00:00Z' }] }, 'ABCD'],
    [{ where: [{ field: '$created', before: '2000-01-01T00:00:00Z' }] }, ''],
    [{ where: [{ field: '$updated', equals: '2000-01-01T00:00:00Z' }] }, ''],
    [{ where: [{ field: 'sku', before: '2030-01-01T00:00:00Z' }] }, ''],
    [{ where: [{ field: 'price', before: '2030-01-01T00:00:00Z' }] }, ''],
    [{ where: [{ field: "x' or true --", equals: 1 }] }, ''],
    [{ where: [{ field: 'price', atLeast: "0' or true --" }] }, ''],
    [
      {
        where: [
          { field: 'origin.country', equals: 'SE' },
          { field: 'price', below: 6 },
        ],
      },
      'A',
    ],
  ])('%j', async (query, expected) => {
    expect((await ids(query)).join('')).toBe(expected);
  });

  test('their state', async () => {
    await fixture.sync([{ sku: 'A', price: 1 }], { type: 'article' });
    const { readonly: records } = fixture.burst();
    expect((await records.query('article', { states: ['ACTIVE'], limit: 5 })).records).toHaveLength(1);
    expect((await records.query('article', { states: ['LOCKED'], limit: 5 })).records).toEqual([]);
    await expect(ids({ states: ['ACTIVE'] })).rejects.toMatchObject({ code: 'RECORD_WITHOUT_LIFECYCLE' });
  });
});

test('what is found is whole, with its version and every digit', async () => {
  const { records } = await fixture
    .burst()
    .readonly.query('product', { where: [{ field: 'sku', equals: 'D' }], limit: 1 });
  expect(records).toEqual([{ type: 'product', id: 'D', version: 1, data: data[3]?.[1] }]);
});

describe('page by page', () => {
  test.each<[string, boolean, string]>([
    ['$id', false, 'ABCD'],
    ['$id', true, 'DCBA'],
    ['price', false, 'ABCD'],
    ['price', true, 'DCBA'],
    ['at', false, 'CDAB'],
    ['$created', false, 'ABCD'],
    ['$updated', true, 'DCBA'],
  ])('by %s, descending %s, every record comes once', async (orderBy, descending, expected) => {
    const seen: string[] = [];
    for (let cursor: string | undefined, more = true; more; ) {
      const page = await fixture
        .burst()
        .readonly.query('product', { orderBy, descending, limit: 1, ...(cursor && { cursor }) });
      seen.push(...page.records.map(({ id }) => id));
      cursor = page.next;
      more = cursor !== undefined;
    }
    expect(seen.join('')).toBe(expected);
  });

  test.each(['', 'bm9uc2Vuc2U', Buffer.from('["$created",false,"now()","A"]').toString('base64url')])(
    'a cursor of nowhere (%s) is refused',
    async (cursor) => {
      await expect(ids({ orderBy: '$created', cursor })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
    },
  );

  test('a cursor of another order is refused', async () => {
    const { next } = await fixture.burst().readonly.query('product', { orderBy: '$id', limit: 1 });
    await expect(ids({ orderBy: 'price', cursor: next as string })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  });
});

describe('a burst', () => {
  test('sees what it has written itself, and nobody else does', async () => {
    const burst = fixture.burst();
    const records = burst.as('write', new Date());
    await records.put('product', 'E', { sku: 'E', price: 7 });
    await records.put('product', 'A', { sku: 'A', price: 70 });
    const cheap = { where: [{ field: 'price', atMost: 10 }] };
    expect(await ids(cheap, records)).toEqual(['B', 'E']);
    expect(await ids(cheap)).toEqual(['A', 'B']);
    const { records: all } = await records.query('product', { orderBy: '$created', limit: 100 });
    expect(all.map(({ id, version }) => `${id}${version}`)).toEqual(['A2', 'B1', 'C1', 'D1', 'E1']);
    burst.discard('write');
    expect(await ids(cheap, records)).toEqual(['A', 'B']);
  });

  test('that writes what it has found is checked by the version that it found', async () => {
    const burst = fixture.burst();
    await ids({}, burst.readonly);
    await fixture.sync([{ sku: 'B', price: 11, origin: { country: 'NO' }, at: '2026-02-10' }]);
    await burst.as('write', new Date()).put('product', 'B', { sku: 'B', price: 12 });
    expect(burst.pending()).toMatchObject([{ id: 'B', expected: 1 }]);
  });

  test('R-C2 that writes what it has asked for by its id and not found is refused where somebody has made it since', async () => {
    const burst = fixture.burst();
    await burst.readonly.query('product', { where: [{ field: '$id', in: ['A', 'NEW'] }], limit: 10 });
    await fixture.sync([{ sku: 'NEW', price: 11 }]);
    await burst.as('write', new Date()).put('product', 'NEW', { sku: 'NEW', price: 12 });
    expect(burst.pending()).toMatchObject([{ id: 'NEW', expected: 0 }]);
  });

  test('reads anew what a sync of its own may have changed', async () => {
    const burst = fixture.burst();
    const before = await burst.readonly.get('product', 'A');
    const sync = { type: 'product', onInvalid: 'skip', key: 'of the burst' } as const;
    await burst.sets('sync', stepTime).sync([{ id: 'A', data: { sku: 'A', price: 6 } }], sync);
    expect(await burst.readonly.get('product', 'A')).toMatchObject({
      version: (before?.version ?? 0) + 1,
      data: { price: 6 },
    });
  });

  test('whose step may not write is refused', async () => {
    const { readonly: records, noSets } = fixture.burst();
    await expect(records.put('product', 'A', {})).rejects.toMatchObject({ code: 'RECORDS_READ_ONLY' });
    await expect(
      noSets.nextNumber({ name: 'a', period: '', first: 1 }, { key: 'k', at: new Date() }),
    ).rejects.toMatchObject({
      code: 'RECORDS_READ_ONLY',
    });
  });
});

test('a type that is not kept here is named', async () => {
  await expect(fixture.burst().readonly.query('nothing', { limit: 1 })).rejects.toMatchObject({
    code: 'RECORD_TYPE_UNKNOWN',
  });
});
