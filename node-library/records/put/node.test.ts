import { memoryRecords } from '@millrace/testing/memory-records';
import { runNode } from '@millrace/testing/run-node';
import { expect, test } from 'vitest';
import put from './node.ts';

test('a record is kept and can be read back', async () => {
  const records = memoryRecords();
  await runNode(put, null, { type: 'supplier', id: 'SUP-1', data: { name: 'Vinhuset' } }, { records });
  expect(await records.get('supplier', 'SUP-1')).toMatchObject({ data: { name: 'Vinhuset' }, version: 1 });
});

test('an input that is no object is refused where no data is given', async () => {
  expect(await runNode(put, ['a'], { type: 'supplier', id: 'SUP-1' })).toMatchObject({
    kind: 'fail',
    error: { code: 'RECORD_DATA_INVALID', pointer: '/data' },
  });
});
