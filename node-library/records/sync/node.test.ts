import { randomUUID } from 'node:crypto';
import { authoringSchema, type BlobRef, type Emit, ExactNumber, type Json } from '@millrace/contract';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { memoryRecordStore } from '@millrace/testing/memory-records';
import { runNode } from '@millrace/testing/run-node';
import { schemaProblems } from '@millrace/testing/schema-problems';
import { describe, expect, test } from 'vitest';
import type { SyncConfig } from './config.ts';
import sync from './node.ts';

const config = { type: 'product', idField: 'sku' };

test('a list in the payload store is read as it goes along', async () => {
  const blobs = memoryBlobs();
  const list = await blobs.writeLines([{ sku: 'A' }, { sku: 'B' }], { name: 'products.jsonl' });
  const { records, recordSets } = memoryRecordStore();
  expect(await runNode(sync, list as unknown as Json, config, { blobs, recordSets })).toMatchObject({
    data: { received: 2, created: 2 },
  });
  expect(await records.get('product', 'B')).toMatchObject({ data: { sku: 'B' } });
});

test('a list with a line that is no JSON changes nothing', async () => {
  const blobs = memoryBlobs();
  const bytes = async function* () {
    yield Buffer.from('{"sku":"A"}\n{"sku":\n');
  };
  const list = await blobs.write(bytes(), { name: 'products.jsonl', mediaType: 'application/x-ndjson' });
  const { records, recordSets } = memoryRecordStore();
  expect(await runNode(sync, list as unknown as Json, config, { blobs, recordSets })).toMatchObject({
    error: { code: 'SYNC_INPUT_BROKEN', category: 'validation' },
  });
  expect(await records.get('product', 'A')).toBeUndefined();
});

test('a sync of a cancelled run stops', async () => {
  expect(await runNode(sync, [{ sku: 'A' }], config, { signal: AbortSignal.abort() })).toMatchObject({
    error: { code: 'CANCELLED', category: 'cancelled' },
  });
});

test('what is no list is refused', async () => {
  expect(await runNode(sync, { sku: 'A' }, config)).toMatchObject({
    error: { code: 'SYNC_ITEMS_INVALID', pointer: '/items' },
  });
});

describe('R-C6 an item', () => {
  const { records, recordSets } = memoryRecordStore();
  const run = (items: Json, more: Partial<SyncConfig> = {}) =>
    runNode(
      sync,
      items,
      { type: 'stock', idField: 'sku', ...more },
      { recordSets, idempotencyKey: () => randomUUID() },
    );
  const stock = async (id: string) => (await records.get('stock', id))?.data;

  test('is mapped by one expression, and its id by another', async () => {
    const id = 'location ? sku & "@" & location : sku';
    const config = { type: 'stock', id, map: { expression: '{ "sku": sku, "quantity": qty }' } };
    const items = [
      { sku: 'E1', qty: 4 },
      { sku: 'E1', qty: 5, location: 'WH-2' },
    ];
    expect(await runNode(sync, items, config, { recordSets, idempotencyKey: () => randomUUID() })).toMatchObject({
      data: { created: 2 },
    });
    expect([await stock('E1'), await stock('E1@WH-2')]).toEqual([
      { sku: 'E1', quantity: 4 },
      { sku: 'E1', quantity: 5 },
    ]);
  });

  test('is mapped field by field', async () => {
    const fields = [
      { to: 'quantity', from: 'qty', required: true },
      { to: 'location_id', from: 'location', default: null },
    ];
    await run([{ sku: 'F1', qty: 4 }], { map: { fields } });
    expect(await stock('F1')).toEqual({ quantity: 4, location_id: null });
  });

  test('that cannot be mapped is told by its place; the others count', async () => {
    const fields = [{ to: 'quantity', from: 'qty', required: true }];
    expect(await run([{ sku: 'G1', qty: 1 }, { sku: 'G2' }, 'G3', { qty: 4 }], { map: { fields } })).toMatchObject({
      data: {
        created: 1,
        invalid: 3,
        problems: [
          { item: 1, id: 'G2', code: 'FIELD_REQUIRED', pointer: '/quantity' },
          { item: 2, code: 'FIELD_REQUIRED' },
          { item: 3, code: 'ID_MISSING' },
        ],
      },
    });
  });

  test('that cannot be mapped still says whose it would have been, by an expression too', async () => {
    const config = { type: 'stock', id: 'sku & "@1"', map: { fields: [{ to: 'q', from: 'qty', required: true }] } };
    const items = [{ sku: 'K1' }, { sku: 'K2', qty: 1 }];
    expect(await runNode(sync, items, config, { recordSets, idempotencyKey: () => randomUUID() })).toMatchObject({
      data: { created: 1, problems: [{ item: 0, id: 'K1@1', code: 'FIELD_REQUIRED' }] },
    });
  });

  test('keeps its numbers to the last digit', async () => {
    const qty = new ExactNumber('12345678901234567890.5');
    await run([{ sku: 'H1', qty }], { map: { expression: '{ "quantity": qty }' } });
    expect(await stock('H1')).toEqual({ quantity: qty });
  });

  test('of more than one batch is mapped in its place', async () => {
    const items = Array.from({ length: 2500 }, (_, n) => ({ sku: `I${n}`, qty: n }));
    await run(items, { map: { expression: '{ "quantity": qty }' } });
    expect([await stock('I0'), await stock('I999'), await stock('I1000'), await stock('I2499')]).toEqual(
      [0, 999, 1000, 2499].map((quantity) => ({ quantity })),
    );
  });

  test('is not mapped by what is no expression', async () => {
    expect(await run([{ sku: 'J' }], { map: { expression: ') + (' } })).toMatchObject({
      error: { code: 'EXPRESSION_PARSE', pointer: '/config/map' },
    });
  });
});

test('R-C6 of many changes the first hundred are told, and all are in the file', async () => {
  const blobs = memoryBlobs();
  const { recordSets } = memoryRecordStore();
  const items = (qty: number) => Array.from({ length: 150 }, (_, n) => ({ sku: `S-${1000 + n}`, qty }));
  const run = (qty: number) =>
    runNode(sync, items(qty), { ...config, listChanges: true }, { blobs, recordSets, idempotencyKey: () => `${qty}` });
  await run(1);
  const result = await run(2);
  const { changes } = (result as Emit).data as unknown as { changes: { first: Json[]; all: BlobRef } };
  expect(changes.first).toHaveLength(100);
  const all = await Array.fromAsync(blobs.readLines(changes.all));
  expect(all).toHaveLength(150);
  expect(all[149]).toEqual({
    id: 'S-1149',
    change: 'changed',
    before: { sku: 'S-1149', qty: 1 },
    after: { sku: 'S-1149', qty: 2 },
  });
});

test('a condition that says nothing is refused', async () => {
  expect(await runNode(sync, [], { ...config, onlyWhere: [{ field: 'as_of' }] })).toMatchObject({
    error: { code: 'CONDITION_EMPTY', pointer: '/onlyWhere/0' },
  });
});

test.each<[string, Json, boolean]>([
  ['an id field', { type: 'stock', idField: 'sku' }, true],
  ['an id by an expression', { type: 'stock', id: 'sku' }, true],
  ['both', { type: 'stock', idField: 'sku', id: 'sku' }, false],
  ['neither', { type: 'stock' }, false],
  [
    'two mappings',
    { type: 'stock', idField: 'sku', map: { expression: '$', fields: [{ to: 'a', from: 'a' }] } },
    false,
  ],
  ['an empty mapping', { type: 'stock', idField: 'sku', map: {} }, false],
  ['a share by a parameter', { type: 'stock', idField: 'sku', mostChangedPercent: '{% $params.most %}' }, true],
  ['a time by an expression', { type: 'stock', idField: 'a', onlyWhere: [{ field: 'b', until: '{% at %}' }] }, true],
  ['a time that is none', { type: 'stock', idField: 'a', onlyWhere: [{ field: 'b', until: 'noon' }] }, false],
])('a config with %s: %j is one: %s', (_, given, expected) => {
  expect(schemaProblems(authoringSchema(sync.config), given).length === 0).toBe(expected);
});
