import { memoryRecords } from '@millrace/testing/memory-records';
import { runNode } from '@millrace/testing/run-node';
import { expect, test } from 'vitest';
import putAll from './node.ts';

test('R-C2 what is as it was gets no new version, whatever the order of its fields', async () => {
  const records = memoryRecords([{ type: 'variant', id: 'A', data: { sku: 'A', price: 10 } }]);
  const result = await runNode(
    putAll,
    null,
    {
      records: [
        { type: 'variant', id: 'A', data: { price: 10, sku: 'A' } },
        { type: 'variant', id: 'B', data: { sku: 'B' }, why: 'It is new.' },
      ],
    },
    { records },
  );
  expect(result).toEqual({ kind: 'emit', port: 'out', data: { created: 1, changed: 0, unchanged: 1 } });
  expect(await records.get('variant', 'A')).toMatchObject({ version: 1 });
});

test('nothing to keep is no mistake', async () => {
  expect(await runNode(putAll, null, { records: [] })).toEqual({
    kind: 'emit',
    port: 'out',
    data: { created: 0, changed: 0, unchanged: 0 },
  });
});
