import { authoringSchema, ExactNumber, type Json } from '@millrace/contract';
import { runNode } from '@millrace/testing/run-node';
import { schemaProblems } from '@millrace/testing/schema-problems';
import { describe, expect, test } from 'vitest';
import map from './node.ts';

test('numbers pass through without losing a digit', async () => {
  const total = new ExactNumber('9007199254740993');
  expect(await runNode(map, { total }, { expression: '{ "amount": total }' })).toMatchObject({
    data: { amount: total },
  });
});

test('a mapping that gives nothing says so', async () => {
  expect(await runNode(map, {}, { expression: 'order.id' })).toMatchObject({
    kind: 'fail',
    error: { code: 'MAP_EMPTY' },
  });
});

test('null is a value, not nothing', async () => {
  expect(await runNode(map, { id: null }, { expression: 'id' })).toEqual({ kind: 'emit', port: 'out', data: null });
});

test('a list of the target is a list, also where the mapping gives a single value', async () => {
  const target = { type: 'object', properties: { skus: { type: 'array', items: { type: 'string' } } } };
  const run = (items: Json) => runNode(map, { items }, { expression: '{ "skus": items.sku }', target });
  expect(await run([{ sku: 'A' }])).toMatchObject({ data: { skus: ['A'] } });
  expect(await run([{ sku: 'A' }, { sku: 'B' }])).toMatchObject({ data: { skus: ['A', 'B'] } });
  expect(await run([{ sku: 7 }])).toMatchObject({ error: { problems: [{ pointer: '/skus/0' }] } });
});

test('a result that does not fit its target is refused with every place', async () => {
  const target = { type: 'object', properties: { id: { type: 'string' }, qty: { type: 'integer' } } };
  const result = await runNode(map, {}, { expression: '{ "id": 7, "qty": "two" }', target });
  expect(result).toMatchObject({
    error: { code: 'MAP_RESULT_INVALID', category: 'validation', problems: [{ pointer: '/id' }, { pointer: '/qty' }] },
  });
});

describe('a field map', () => {
  test('refuses an input without a field that is required', async () => {
    const fields = [{ to: 'order_id', from: 'id', required: true }];
    expect(await runNode(map, {}, { fields })).toMatchObject({
      kind: 'fail',
      error: { code: 'FIELD_REQUIRED', category: 'validation', pointer: '/order_id' },
    });
  });

  test('makes a list of a single item too', async () => {
    const fields = [{ to: 'lines', each: 'items', fields: [{ to: 'sku', from: 'sku' }] }];
    expect(await runNode(map, { items: [{ sku: 'A-1' }] }, { fields })).toMatchObject({
      data: { lines: [{ sku: 'A-1' }] },
    });
  });

  test('that says the same place twice is refused with every problem', async () => {
    const fields = [
      { to: 'id', from: 'a' },
      { to: 'id', from: 'b' },
    ];
    expect(await runNode(map, {}, { fields })).toMatchObject({ error: { code: 'FIELD_MAP_INVALID' } });
  });
});

test.each<{ what: string; config: Json }>([
  { what: 'neither', config: {} },
  { what: 'both', config: { expression: 'a', fields: [{ to: 'a', from: 'a' }] } },
  { what: 'an empty field map', config: { fields: [] } },
])('$what of expression and fields is no config', ({ config }) => {
  expect(schemaProblems(authoringSchema(map.config), config)).not.toEqual([]);
});
