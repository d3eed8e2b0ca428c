import { memoryRecords } from '@millrace/testing/memory-records';
import { runNode } from '@millrace/testing/run-node';
import { expect, test } from 'vitest';
import query from './node.ts';

const records = memoryRecords([1, 2, 3].map((n) => ({ type: 'order', id: `D-${n}`, data: { total: n } })));

test('pages follow each other by their cursor', async () => {
  const page = (cursor: string | null) => runNode(query, null, { type: 'order', limit: 2, cursor }, { records });
  const first = await page(null);
  expect(first).toMatchObject({ data: { records: [{ id: 'D-1' }, { id: 'D-2' }], next: expect.any(String) } });
  const { next } = (first as unknown as { data: { next: string } }).data;
  expect(await page(next)).toMatchObject({ data: { records: [{ id: 'D-3' }], next: null } });
});

test.each([
  [{ field: 'total' }, 'CONDITION_EMPTY', '/where/0'],
  [{ field: 'total', equals: { a: 1 } }, 'CONDITION_INVALID', '/where/0/equals'],
  [{ field: 'total', in: [[1]] }, 'CONDITION_INVALID', '/where/0/in'],
])('the condition %j is refused', async (condition, code, pointer) => {
  expect(await runNode(query, null, { type: 'order', where: [condition] }, { records })).toMatchObject({
    error: { code, pointer },
  });
});
