import { memoryRecords } from '@millrace/testing/memory-records';
import { runNode } from '@millrace/testing/run-node';
import { expect, test } from 'vitest';
import change from './node.ts';

const reserve = {
  type: 'stock',
  id: 'sku',
  when: 'data != null and $moneySubtract(data.quantity, data.reserved) >= item.quantity',
  set: '{ "reserved": $moneyAdd(data.reserved, item.quantity) }',
};

function stock() {
  return memoryRecords([
    { type: 'stock', id: 'A', data: { quantity: 10, reserved: 0 } },
    { type: 'stock', id: 'B', data: { quantity: 1, reserved: 0 } },
  ]);
}

test('R-C4 two lines of the same article are added up', async () => {
  const records = stock();
  const lines = [
    { sku: 'A', quantity: 6 },
    { sku: 'A', quantity: 4 },
  ];
  expect(await runNode(change, null, { ...reserve, items: lines }, { records })).toMatchObject({
    data: { records: [{ id: 'A', before: { reserved: 0 }, data: { reserved: 10 } }] },
  });
  expect(await records.get('stock', 'A')).toMatchObject({ version: 2, data: { reserved: 10 } });
});

test('R-C4 where one line cannot be had, nothing is reserved, and each that cannot is named', async () => {
  const records = stock();
  const lines = [
    { sku: 'A', quantity: 6 },
    { sku: 'B', quantity: 2 },
    { sku: 'C', quantity: 1 },
  ];
  const result = await runNode(change, null, { ...reserve, items: lines }, { records });
  expect(result).toMatchObject({
    port: 'refused',
    data: {
      refused: [
        { id: 'B', data: { quantity: 1 } },
        { id: 'C', data: null },
      ],
    },
  });
  expect(await records.get('stock', 'A')).toMatchObject({ version: 1, data: { reserved: 0 } });
});

test('quantities stay exact', async () => {
  const records = memoryRecords([{ type: 'stock', id: 'A', data: { quantity: 1, reserved: 0.1 } }]);
  await runNode(change, null, { ...reserve, items: [{ sku: 'A', quantity: 0.2 }] }, { records });
  expect(await records.get('stock', 'A')).toMatchObject({ data: { reserved: 0.3 } });
});

test('a record that is not there is created', async () => {
  const records = memoryRecords();
  const config = { type: 'queue', id: '"only"', when: 'data = null', set: '{ "last": item }' };
  await runNode(change, 'D-1', config, { records });
  expect(await records.get('queue', 'only')).toMatchObject({ data: { last: 'D-1' } });
  expect(await runNode(change, 'D-2', config, { records })).toMatchObject({ port: 'refused' });
});

test.each([
  [{ id: 'no_such_field' }, 'CHANGE_ID_MISSING', '/id'],
  [{ when: 'data.quantity >' }, 'EXPRESSION_PARSE', undefined],
  [{ set: '"all"' }, 'CHANGE_FIELDS', '/set'],
])('%j is refused as %s', async (wrong, code, pointer) => {
  const input = { sku: 'A', quantity: 1 };
  const result = await runNode(change, input, { ...reserve, ...wrong }, { records: stock() });
  expect(result).toMatchObject({ kind: 'fail', error: { code, ...(pointer !== undefined && { pointer }) } });
});
