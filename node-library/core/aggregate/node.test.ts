import { ExactNumber, type Json } from '@millrace/contract';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { runNode } from '@millrace/testing/run-node';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AggregateConfig as WholeConfig } from './config.ts';
import aggregate from './node.ts';

type AggregateConfig = Omit<WholeConfig, 'from'>;

async function out(input: Json, config: AggregateConfig): Promise<Json> {
  const result = await runNode(aggregate, null, { from: input, ...config });
  return result.kind === 'emit' ? result.data : (result as unknown as Json);
}

const byKey: AggregateConfig['groupBy'] = [{ to: 'key', from: 'k' }];

describe('groups', () => {
  test('stand in the order of their first items', async () => {
    const config: AggregateConfig = { groupBy: byKey, fields: [{ to: 'n', take: 'count' }] };
    expect(await out([{ k: 'b' }, { k: 'a' }, { k: 'b' }], config)).toEqual([
      { key: 'b', n: 2 },
      { key: 'a', n: 1 },
    ]);
  });

  test('are told apart by value and type, also a missing one from null', async () => {
    const items = [{ k: 1 }, { k: '1' }, { k: null }, {}, { k: [1] }, { k: { a: 1 } }, { k: 1 }];
    expect(await out(items, { groupBy: byKey, fields: [{ to: 'n', take: 'count' }] })).toEqual([
      { key: 1, n: 2 },
      { key: '1', n: 1 },
      { key: null, n: 1 },
      { n: 1 },
      { key: [1], n: 1 },
      { key: { a: 1 }, n: 1 },
    ]);
  });

  test('of several values: no two different ones run together', async () => {
    const groupBy = [
      { to: 'a', from: 'a' },
      { to: 'b', from: 'b' },
    ];
    const items = [{ a: 'x\n', b: 'y' }, { a: 'x', b: '\ny' }, { b: 'x' }, { a: 'x' }];
    expect(await out(items, { groupBy, fields: [] })).toEqual(items);
  });

  test('without a key all items are one group, and so are none', async () => {
    const fields: AggregateConfig['fields'] = [
      { to: 'sum', take: 'sum', from: 'v' },
      { to: 'count', take: 'count' },
      { to: 'first', take: 'first' },
      { to: 'all', take: 'collect' },
    ];
    expect(await out([], { fields })).toEqual([{ sum: 0, count: 0, all: [] }]);
    expect(await out([], { groupBy: byKey, fields })).toEqual([]);
  });

  test('are bounded', async () => {
    const items = Array.from({ length: 50_001 }, (_, k) => ({ k }));
    expect(await out(items, { groupBy: byKey, fields: [] })).toMatchObject({ error: { code: 'AGGREGATE_TOO_LARGE' } });
  });
});

describe('values', () => {
  test('that are missing are left out', async () => {
    const fields = (['count', 'first', 'last', 'collect'] as const).map((take) => ({ to: take, take, from: 'v' }));
    expect(await out([{}, { v: null }, { v: 0 }, { v: false }, {}], { fields })).toEqual([
      { count: 3, first: null, last: false, collect: [null, 0, false] },
    ]);
  });

  test('may be computed, and items may be lists', async () => {
    const fields: AggregateConfig['fields'] = [
      { to: 'total', take: 'sum', from: '$money(price) * quantity /* line */' },
    ];
    expect(
      await out(
        [
          { price: 2, quantity: 3 },
          { price: 1, quantity: 4 },
        ],
        { fields },
      ),
    ).toEqual([{ total: 10 }]);
    const second: AggregateConfig['fields'] = [{ to: 'all', take: 'collect', from: '$[1]' }];
    expect(await out([[1, 2], [3, 4], []], { fields: second })).toEqual([{ all: [2, 4] }]);
  });

  test('a text that is no expression cannot end the one around it', async () => {
    const from = 'a) , "x": ($error("no")';
    expect(await out([{ a: 1 }], { fields: [{ to: 'x', take: 'first', from }] })).toMatchObject({
      error: { code: 'EXPRESSION_PARSE', pointer: '/config/fields/0/from' },
    });
  });

  test('two fields of one name are refused', async () => {
    expect(await out([], { groupBy: byKey, fields: [{ to: 'key', take: 'count' }] })).toMatchObject({
      error: { code: 'FIELD_TWICE' },
    });
  });

  test('what is no list is refused', async () => {
    expect(await out({ a: 1 }, { fields: [] })).toMatchObject({ error: { code: 'NOT_A_LIST' } });
  });
});

describe('sums are exact', () => {
  const fields: AggregateConfig['fields'] = [{ to: 'sum', take: 'sum', from: 'v' }];

  test('to the last digit', async () => {
    expect(await out([{ v: 0.1 }, { v: 0.2 }], { fields })).toEqual([{ sum: 0.3 }]);
    expect(await out([{ v: '9007199254740993' }, { v: '0.01' }], { fields })).toEqual([
      { sum: new ExactNumber('9007199254740993.01') },
    ]);
  });

  test('over any number of items, in groups', async () => {
    const item = fc.record({
      k: fc.integer({ min: 0, max: 3 }),
      cents: fc.integer({ min: -1_000_000, max: 1_000_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(item), async (items) => {
        const expected = new Map<number, bigint>();
        for (const { k, cents } of items) expected.set(k, (expected.get(k) ?? 0n) + BigInt(cents));
        const list = items.map(({ k, cents }) => ({ k, v: `${cents}e-2` }));
        const sums = (await out(list, { groupBy: byKey, fields })) as { key: number; sum: number }[];
        expect(sums.map(({ key, sum }) => [key, BigInt(Math.round(sum * 100))])).toEqual([...expected]);
      }),
      { numRuns: 50 },
    );
  });

  test('over more items than are evaluated at once, from a file', async () => {
    const blobs = memoryBlobs();
    const items = Array.from({ length: 2500 }, (_, n) => ({ k: n % 2, v: 0.1 }));
    const list = (await blobs.writeLines(items, { name: 'list' })) as unknown as Json;
    const config = { from: list, groupBy: byKey, fields: [...fields, { to: 'n', take: 'count' as const }] };
    expect(await runNode(aggregate, null, config, { blobs })).toMatchObject({
      data: [
        { key: 0, sum: 125, n: 1250 },
        { key: 1, sum: 125, n: 1250 },
      ],
    });
  });
});
