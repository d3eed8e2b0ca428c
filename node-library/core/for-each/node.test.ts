import { failureCode, type Json } from '@millrace/contract';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { runNode } from '@millrace/testing/run-node';
import { schemaProblems } from '@millrace/testing/schema-problems';
import { expect, test } from 'vitest';
import forEach from './node.ts';

test('one item at a time, and a failure ends it, where nothing else is said', async () => {
  expect(await runNode(forEach, null, { items: [1, 2] })).toEqual({
    kind: 'each',
    items: [1, 2],
    concurrency: 1,
    onItemError: 'stop',
  });
});

test('a file that holds the list is handed on unread', async () => {
  const items = await memoryBlobs().writeLines([1, 2], { name: 'list' });
  const config = { items: items as unknown as Json, concurrency: 8, onItemError: 'continue' as const };
  expect(await runNode(forEach, null, config)).toEqual({
    kind: 'each',
    items,
    concurrency: 8,
    onItemError: 'continue',
  });
});

test.each([7, null, 'abc', { length: 2 }])('%j is no list', async (items) => {
  expect(await runNode(forEach, [1], { items })).toMatchObject({
    kind: 'fail',
    error: { code: 'NOT_A_LIST', pointer: '/config/items' },
  });
});

test.each<object>([{ concurrency: 0 }, { concurrency: 65 }, { onItemError: 'ignore' }])('%j is refused', (config) => {
  expect(schemaProblems(forEach.config, { items: [], ...config })).not.toEqual([]);
});

test('items that failed fail the step unless somebody takes care of them', () => {
  expect(Object.keys(forEach.outputs)).toEqual(['out', 'partial']);
  expect(failureCode(forEach.outputs.partial ?? {})).toBe('ITEMS_FAILED');
  expect(forEach).toMatchObject({ body: true, effect: 'pure' });
});

test('a list that is not there is no config that the node accepts', () => {
  expect(schemaProblems(forEach.config, {})).toMatchObject([{ pointer: '/items' }]);
});
