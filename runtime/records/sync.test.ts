import { ExactNumber, type Json, type JsonObject, MillraceError, type SyncChange } from '@millrace/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { saveRecordTypes } from '../postgres/flows/deployments.ts';
import { bySku, environment, product, type RecordsFixture, startRecords, stepTime } from './records.fixture.ts';
import { syncRecords } from './sync.ts';

let fixture: RecordsFixture;
beforeAll(async () => {
  fixture = await startRecords();
});
afterAll(() => fixture?.stop());
beforeEach(async () => {
  await fixture.admin.query(
    'truncate millrace.record, millrace.record_history, millrace.record_sync, millrace.record_staging',
  );
});

const item = (sku: string, price: Json = 1) => ({ sku, price });
const items = (count: number, price = 1) => Array.from({ length: count }, (_, n) => item(`S-${n}`, price));
const rows = async (table: string) =>
  (await fixture.rows<{ n: number }>(`select count(*) as n from millrace.${table}`))[0]?.n;
const history = () =>
  fixture.rows<{ id: string }>(
    'select id, version, from_state, to_state, who, why from millrace.record_history order by id, version',
  );

describe('a sync', () => {
  test('creates what is new, changes what differs, and leaves alone what is the same', async () => {
    await fixture.sync([item('A'), item('B'), item('C')]);
    const report = await fixture.sync([item('A', 1.0), item('B', 2), item('D')]);
    expect(report).toEqual({
      received: 3,
      created: 1,
      changed: 1,
      unchanged: 1,
      left: 0,
      missing: 0,
      deactivated: 0,
      invalid: 0,
      problems: [],
    });
    expect(await fixture.all()).toEqual({ A: item('A'), B: item('B', 2), C: item('C'), D: item('D') });
    expect(await history()).toMatchObject([
      { id: 'A', version: 1 },
      { id: 'B', version: 1 },
      { id: 'B', version: 2, who: '00000000-0000-7000-8000-000000000001/sync', why: null },
      { id: 'C', version: 1 },
      { id: 'D', version: 1 },
    ]);
  });

  test('keeps every digit', async () => {
    const price = new ExactNumber('12345678901234567890.1234567890');
    await fixture.sync([item('A', price)]);
    expect((await fixture.all()).A?.price).toEqual(price);
    expect(await fixture.sync([item('A', new ExactNumber('12345678901234567890.1234567891'))])).toMatchObject({
      changed: 1,
    });
  });

  test('sees nothing of another tenant, and changes nothing there', async () => {
    await fixture.sync([item('A')], {}, fixture.other);
    const missing = { set: { is_active: false }, mostPercent: 100 };
    expect(await fixture.sync([item('A', 5)], { missing })).toMatchObject({ created: 1, missing: 0 });
    expect(await fixture.all('product', fixture.other)).toEqual({ A: item('A') });
  });

  test('again with its key changes nothing, and gives the report of the first time', async () => {
    const first = await fixture.sync([item('A'), { sku: 'B' }], { key: 'same' });
    expect(first).toMatchObject({ created: 1, invalid: 1 });
    expect(await fixture.sync([item('C')], { key: 'same' })).toEqual(first);
    expect(await fixture.all()).toEqual({ A: item('A') });
  });

  test('done twice at once with one key is done once', async () => {
    const reports = await Promise.all([1, 2, 3].map(() => fixture.sync(items(50), { key: 'same' })));
    expect(reports.map(({ created }) => created)).toEqual([50, 50, 50]);
    expect(await rows('record_history')).toBe(50);
  });

  test('of one type waits for another: both come out whole', async () => {
    await Promise.all([fixture.sync(items(300, 1)), fixture.sync(items(300, 2)), fixture.sync(items(300, 3))]);
    const prices = new Set(Object.values(await fixture.all()).map(({ price }) => price));
    expect(prices.size).toBe(1);
    expect(await rows('record')).toBe(300);
  });

  test('leaves nothing in the staging table', async () => {
    await fixture.sync(items(10));
    await fixture.sync(items(10), { expectedCount: 11 }).catch(() => undefined);
    expect(await rows('record_staging')).toBe(0);
  });
});

describe('a sync that keeps other fields', () => {
  const keepOthers = { initial: { reserved: 0 } };
  const stocked = (sku: string, price: number, reserved: number) => ({ ...item(sku, price), reserved });

  test('R-C6 changes what its items bring and nothing else; new records begin with what is set for them', async () => {
    await fixture.sync([stocked('A', 1, 2), stocked('B', 1, 3)]);
    expect(await fixture.sync([item('A', 5), item('B'), item('C')], { keepOthers })).toMatchObject({
      created: 1,
      changed: 1,
      unchanged: 1,
    });
    expect(await fixture.all()).toEqual({ A: stocked('A', 5, 2), B: stocked('B', 1, 3), C: stocked('C', 1, 0) });
  });

  test('checks an item as the new record that it would be', async () => {
    expect(await fixture.sync([{ sku: 'A' }], { keepOthers: { initial: { price: 7 } } })).toMatchObject({ created: 1 });
    expect(await fixture.sync([{ sku: 'A' }], { keepOthers: { initial: { price: -7 } } })).toMatchObject({
      invalid: 1,
      problems: [{ code: 'MINIMUM', pointer: '/price' }],
    });
  });

  test('keeps the state of the life cycle', async () => {
    await fixture.sync([item('A')], { type: 'article' });
    await fixture.rows(`update millrace.record set data = data || '{"state": "LOCKED"}'`);
    await fixture.sync([item('A', 2)], { type: 'article', keepOthers });
    expect(await fixture.all('article')).toEqual({ A: { ...item('A', 2), state: 'LOCKED' } });
  });
});

describe('R-C6 fields that are set on change', () => {
  const onChange = { as_of: '2026-03-02T03:00:00Z' };

  test('go with a change and make none by themselves', async () => {
    await fixture.sync([item('A'), item('B')]);
    const sync = { keepOthers: { initial: {} }, onChange };
    expect(await fixture.sync([item('A'), item('B', 2), item('C')], sync)).toMatchObject({
      created: 1,
      changed: 1,
      unchanged: 1,
    });
    expect(await fixture.all()).toEqual({
      A: item('A'),
      B: { ...item('B', 2), ...onChange },
      C: { ...item('C'), ...onChange },
    });
  });
});

describe('R-C6 a record that does not fit', () => {
  const onlyWhere = [{ field: 'as_of', until: '2026-03-02T03:00:00Z' }];
  const at = (sku: string, as_of: string) => ({ ...item(sku), as_of });

  test('is neither changed nor missing, and is counted', async () => {
    await fixture.sync([
      at('A', '2026-03-02T03:00:00+00:00'),
      at('B', '2026-03-02T04:00:01+01:00'),
      at('C', '2026-03-02T05:00:00Z'),
      at('D', '2026-03-01T05:00:00Z'),
    ]);
    const missing = { set: { is_active: false }, mostPercent: 100 };
    const report = await fixture.sync([item('A', 2), item('B', 2)], {
      onlyWhere,
      missing,
      keepOthers: { initial: {} },
    });
    expect(report).toMatchObject({ changed: 1, left: 1, missing: 1, deactivated: 1 });
    expect(await fixture.all()).toMatchObject({
      A: { price: 2 },
      B: { price: 1 },
      C: { as_of: '2026-03-02T05:00:00Z' },
      D: { is_active: false },
    });
    expect((await fixture.all()).C).not.toHaveProperty('is_active');
  });

  test('because it was changed here since', async () => {
    await fixture.sync([item('A')]);
    const { at } = (await fixture.rows<{ at: string }>('select to_jsonb(millrace.now()) as at'))[0] ?? { at: '' };
    await fixture.sync([item('B')]);
    const unchangedSince = [{ field: '$updated', until: at }];
    expect(await fixture.sync([item('A', 2), item('B', 2)], { onlyWhere: unchangedSince })).toMatchObject({
      changed: 1,
      left: 1,
    });
    expect(await fixture.all()).toMatchObject({ A: { price: 2 }, B: { price: 1 } });
  });

  test('also where somebody makes it newer after the items were read', async () => {
    await fixture.sync([at('A', '2026-03-01T05:00:00Z')]);
    async function* meanwhile() {
      yield item('A', 2);
      await fixture.rows(`update millrace.record set data = data || '{"as_of": "2026-03-02T03:00:01Z"}'`);
    }
    expect(await fixture.sync(meanwhile(), { onlyWhere })).toMatchObject({ changed: 0, left: 1 });
  });
});

describe('R-C6 changes that are listed', () => {
  const listChanges = async (changes: AsyncIterable<SyncChange>) =>
    (await Array.fromAsync(changes)) as unknown as JsonObject;

  test('are those of records that were there, by id, as they were and as they are', async () => {
    await fixture.sync([item('A'), item('B'), item('C')]);
    const missing = { set: { is_active: false }, mostPercent: 100 };
    const { changes } = await fixture.sync([item('C', 3), item('A', 2), item('D')], { listChanges, missing });
    expect(changes).toEqual([
      { id: 'A', change: 'changed', before: item('A'), after: item('A', 2) },
      { id: 'B', change: 'missing', before: item('B'), after: { ...item('B'), is_active: false } },
      { id: 'C', change: 'changed', before: item('C'), after: item('C', 3) },
    ]);
  });

  test('are in the report of a repeat too', async () => {
    await fixture.sync([item('A')]);
    const first = await fixture.sync([item('A', 2)], { key: 'same', listChanges });
    expect(await fixture.sync([item('A', 2)], { key: 'same', listChanges })).toEqual(first);
  });

  test('that cannot be kept leave everything as it was', async () => {
    await fixture.sync([item('A')]);
    const full = () => Promise.reject(new MillraceError('BLOB_TOO_LARGE', 'The file is too large.'));
    await expect(fixture.sync([item('A', 2)], { listChanges: full })).rejects.toMatchObject({ code: 'BLOB_TOO_LARGE' });
    expect(await fixture.all()).toEqual({ A: item('A') });
  });

  test('by more syncs at once than there are connections all come to their end', async () => {
    const inDatabase = async (changes: AsyncIterable<SyncChange>) => {
      for await (const _change of changes) await fixture.rows('select 1');
      return null;
    };
    const types = Array.from({ length: 12 }, (_, n) => ({ ...product, id: `product-${n}` }));
    const { tenant } = fixture;
    await fixture.database.asTenants([tenant], (tx) => saveRecordTypes(tx, { tenant, environment }, types));
    for (const price of [1, 2])
      await Promise.all(types.map(({ id }) => fixture.sync([item('A', price)], { type: id, listChanges: inDatabase })));
    expect(await rows('record_history')).toBe(24);
  });
});

describe('an item that is not valid', () => {
  test('is left out and named by its place, and its record stays as it is', async () => {
    await fixture.sync([item('B')]);
    const broken: Json[] = [item('A'), item('B', -1), 'C', { price: 1 }, item('A', 2), { ...item('D'), note: '\0' }];
    expect(await fixture.sync(broken)).toEqual({
      received: 6,
      created: 1,
      changed: 0,
      unchanged: 0,
      left: 0,
      missing: 0,
      deactivated: 0,
      invalid: 5,
      problems: [
        { item: 1, id: 'B', code: 'MINIMUM', pointer: '/price', message: expect.any(String) },
        { item: 2, code: 'ITEM_INVALID', pointer: '', message: expect.any(String) },
        { item: 3, code: 'ID_MISSING', pointer: '', message: expect.any(String) },
        { item: 4, id: 'A', code: 'ID_TWICE', pointer: '', message: expect.any(String) },
        { item: 5, id: 'D', code: 'TEXT_NOT_STORABLE', pointer: '', message: expect.any(String) },
      ],
    });
    expect(await fixture.all()).toEqual({ A: item('A'), B: item('B') });
  });

  test('can let the whole sync fail', async () => {
    await expect(fixture.sync([item('A'), item('B', -1)], { onInvalid: 'fail' })).rejects.toMatchObject({
      code: 'SYNC_INVALID',
      options: { problems: [{ pointer: '/1/price' }] },
    });
    expect(await fixture.all()).toEqual({});
  });

  test('is told of a hundred times, and counted always', async () => {
    const report = await fixture.sync(items(150, -1));
    expect(report).toMatchObject({ invalid: 150, created: 0 });
    expect(report.problems).toHaveLength(100);
  });

  test('has a text of backslashes that only looks like one which cannot be stored', async () => {
    const text = '\\u0000 \\\\ud800';
    expect(await fixture.sync([{ ...item('A'), text }])).toMatchObject({ created: 1 });
    expect((await fixture.all()).A).toMatchObject({ text });
  });
});

describe('a record that is missing', () => {
  const missing = { set: { is_active: false }, mostPercent: 50 };

  test('is deactivated, never erased, and comes back with its item', async () => {
    await fixture.sync([item('A'), item('B'), item('C')]);
    expect(await fixture.sync([item('A'), item('B')], { missing })).toMatchObject({
      missing: 1,
      deactivated: 1,
      unchanged: 2,
    });
    expect((await fixture.all()).C).toEqual({ ...item('C'), is_active: false });
    expect(await fixture.sync([item('A'), item('B')], { missing })).toMatchObject({ missing: 0, deactivated: 0 });
    expect(await fixture.sync([item('A'), item('C')], { missing })).toMatchObject({ missing: 1, changed: 1 });
    expect((await fixture.all()).C).toEqual(item('C'));
  });

  test('is only counted where nothing becomes of it, and too many are still not believed', async () => {
    await fixture.sync(items(10));
    expect(await fixture.sync(items(9), { missing: { mostPercent: 10 } })).toMatchObject({
      missing: 1,
      deactivated: 0,
    });
    expect(await fixture.sync(items(9), { missing: { set: {}, mostPercent: 10 } })).toMatchObject({ missing: 1 });
    await expect(fixture.sync(items(8), { missing: { mostPercent: 10 } })).rejects.toMatchObject({
      code: 'SYNC_TOO_DIFFERENT',
    });
  });

  test('is not one whose item is there but not valid', async () => {
    await fixture.sync([item('A'), item('B')]);
    expect(await fixture.sync([item('A'), item('B', -1)], { missing })).toMatchObject({ missing: 0, invalid: 1 });
  });

  test('moves along its life cycle, where that allows it', async () => {
    await fixture.sync([item('A'), item('B'), item('C'), item('D')], { type: 'article' });
    await fixture.rows(`update millrace.record set data = data || '{"state": "LOCKED"}' where id = 'D'`);
    const byState = { to: 'INACTIVE', back: 'ACTIVE', mostPercent: 75 };
    expect(await fixture.sync([item('A')], { type: 'article', missing: byState })).toMatchObject({
      missing: 3,
      deactivated: 2,
    });
    expect(await fixture.all('article')).toMatchObject({
      A: { state: 'ACTIVE' },
      B: { state: 'INACTIVE' },
      C: { state: 'INACTIVE' },
      D: { state: 'LOCKED' },
    });
    expect(await fixture.sync([item('A'), item('B')], { type: 'article', missing: byState })).toMatchObject({
      changed: 1,
    });
    expect((await history()).filter(({ id }) => id === 'B')).toMatchObject([
      { from_state: null, to_state: 'ACTIVE', why: null },
      { from_state: 'ACTIVE', to_state: 'INACTIVE', why: 'missing' },
      { from_state: 'INACTIVE', to_state: 'ACTIVE', why: null },
    ]);
  });

  test('R-O2 has the time of its move stamped, when it goes and when it is back, unless the list knows it better', async () => {
    const moves = { type: 'article', missing: { to: 'INACTIVE', back: 'ACTIVE', mostPercent: 100 } };
    const at = stepTime.toISOString();
    await fixture.sync([item('A'), item('B')], moves);
    await fixture.sync([item('A')], moves);
    expect(await fixture.all('article')).toEqual({
      A: { ...item('A'), state: 'ACTIVE' },
      B: { ...item('B'), state: 'INACTIVE', gone_at: at },
    });
    await fixture.sync([item('B')], { ...moves, keepOthers: { initial: {} } });
    expect(await fixture.all('article')).toEqual({
      A: { ...item('A'), state: 'INACTIVE', gone_at: at },
      B: { ...item('B'), state: 'ACTIVE', gone_at: at, back_at: at },
    });
    const known = { ...item('A'), back_at: '2026-03-01T00:00:00Z' };
    await fixture.sync([known, item('B')], moves);
    expect(await fixture.all('article')).toMatchObject({ A: { ...known, state: 'ACTIVE' } });
  });

  test('is left alone where somebody changes it meanwhile', async () => {
    await fixture.sync([item('A'), item('B')]);
    const validate = async () => {
      await fixture.rows(`update millrace.record set version = version + 1 where id = 'B'`);
      return [];
    };
    const { database, tenant } = fixture;
    const sync = { type: 'product', onInvalid: 'skip', missing, key: 'meanwhile' } as const;
    const place = { tenant, environment, type: product, who: 'somebody', now: stepTime };
    expect(await syncRecords({ database, validate }, place, bySku([item('A')]), sync)).toMatchObject({
      missing: 1,
      deactivated: 0,
    });
    expect((await fixture.all()).B).toEqual(item('B'));
  });

  test.each([
    ['too many of them', items(4), { missing: { ...missing, mostPercent: 10 } }, 'SYNC_TOO_DIFFERENT'],
    ['none can be told from an item without an id', [...items(9), { price: 1 }], { missing }, 'SYNC_ID_MISSING'],
    ['another number of items was announced', items(9), { missing, expectedCount: 10 }, 'SYNC_INCOMPLETE'],
    ['they would not fit the type', items(9), { missing: { ...missing, set: { is_active: 'no' } } }, 'SYNC_INVALID'],
    ['the type has no life cycle', items(9), { missing: { to: 'GONE', mostPercent: 50 } }, 'RECORD_WITHOUT_LIFECYCLE'],
    [
      'no state leads there',
      items(9),
      { type: 'article', missing: { to: 'GONE', mostPercent: 50 } },
      'TRANSITION_FORBIDDEN',
    ],
    ['there is no such type', items(9), { type: 'nothing', missing }, 'RECORD_TYPE_UNKNOWN'],
    ['too few items came', [], { missing, leastCount: 1 }, 'SYNC_INCOMPLETE'],
    ['too many records would change', items(9), { mostChangedPercent: 50 }, 'SYNC_TOO_DIFFERENT'],
  ])('changes nothing where %s', async (_, list, sync, code) => {
    await fixture.sync(items(10, 7));
    await expect(fixture.sync(list, sync)).rejects.toMatchObject({ code });
    expect(
      new Set(Object.values(await fixture.all()).map((data) => JSON.stringify([data.price, data.is_active]))),
    ).toEqual(new Set(['[7,null]']));
  });
});

describe('nothing is changed', () => {
  test('where somebody creates the same record at the same moment; the sync may be tried again', async () => {
    await fixture.admin.query(`
      create function millrace.taken() returns trigger language plpgsql as $$
        begin raise exception 'taken' using errcode = 'unique_violation'; end $$;
      create trigger taken before insert on millrace.record for each row execute function millrace.taken()`);
    await expect(fixture.sync(items(1))).rejects.toMatchObject({ code: 'SYNC_CONFLICT', category: 'transient' });
    await fixture.admin.query('drop trigger taken on millrace.record');
    expect(await fixture.all()).toEqual({});
  });

  test('by a list that breaks off', async () => {
    async function* broken() {
      yield* items(1500);
      throw new SyntaxError('Unexpected end of JSON input');
    }
    await expect(fixture.sync(broken())).rejects.toThrow(SyntaxError);
    expect(await fixture.all()).toEqual({});
    expect(await rows('record_staging')).toBe(0);
  });

  test('when the database has lost what was gathered', async () => {
    await fixture.sync(items(10));
    async function* emptied() {
      yield* items(1000);
      await fixture.admin.query('truncate millrace.record_staging');
      yield* items(1);
    }
    const missing = { set: { is_active: false }, mostPercent: 100 };
    await expect(fixture.sync(emptied(), { missing })).rejects.toMatchObject({
      code: 'SYNC_INTERRUPTED',
      category: 'transient',
    });
    expect((await fixture.all())['S-5']).toEqual(item('S-5'));
  });
});

test('R-C6 fifty thousand records are read as they come, and merged at once', async () => {
  const count = 50_000;
  let ahead = 0;
  async function* counted() {
    for (const one of items(count)) {
      ahead++;
      yield one;
    }
  }
  expect(await fixture.sync(counted())).toMatchObject({ created: count });
  expect(ahead).toBe(count);
  const missing = { set: { is_active: false }, mostPercent: 10 };
  expect(await fixture.sync(items(count - 1000, 2), { missing })).toMatchObject({
    changed: count - 1000,
    deactivated: 1000,
  });
  expect(await rows('record')).toBe(count);
});
