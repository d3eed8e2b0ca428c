import type { RecordType } from '@millrace/flow';
import { expect, test } from 'vitest';
import { sharedTypeProblems } from './shared-record-types.ts';

const stock: RecordType = { id: 'stock', title: 'Stock', schema: { type: 'object', required: ['sku'] } };
const looser: RecordType = { ...stock, schema: { type: 'object' } };

test('a record type that another flow has otherwise is a warning that names the flow', () => {
  expect(
    sharedTypeProblems(
      [{ ...stock, id: 'other' }, stock],
      [
        { flowId: 'sweeper', type: looser },
        { flowId: 'orders', type: { ...looser, title: 'Levels' } },
      ],
    ),
  ).toEqual([
    {
      code: 'RECORD_TYPE_SHARED',
      pointer: '/records/1',
      message:
        'The record type “stock” is defined otherwise in “sweeper” and “orders”; deploying this flow changes it there too.',
      hint: 'Make the definitions the same.',
      severity: 'warning',
    },
  ]);
});

test('the same definition, in whatever order it is written, is none', () => {
  const { id, title, schema } = stock;
  expect(sharedTypeProblems([stock], [{ flowId: 'orders', type: { schema, title, id } }])).toEqual([]);
});
