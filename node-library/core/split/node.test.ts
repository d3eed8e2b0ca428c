import type { BlobRef, Json } from '@millrace/contract';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { runNode } from '@millrace/testing/run-node';
import { schemaProblems } from '@millrace/testing/schema-problems';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import split from './node.ts';

test('the parts, one behind the other, are the list', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer()), fc.integer({ min: 1, max: 10 }), async (list, size) => {
      const result = await runNode(split, null, { from: list, size });
      const parts = (result.kind === 'emit' ? result.data : []) as number[][];
      expect(parts.flat()).toEqual(list);
      expect(parts.slice(0, -1).every((part) => part.length === size)).toBe(true);
      expect(parts.every((part) => part.length > 0)).toBe(true);
    }),
  );
});

test('what stands around the list is repeated, in its order, at any depth', async () => {
  const input = { id: 1, order: { 'li.nes': [1, 2, 3], note: 'x' }, end: true };
  const result = await runNode(split, null, { from: input, list: 'order."li.nes"', size: 2 });
  expect(JSON.stringify(result.kind === 'emit' && result.data)).toBe(
    '[{"id":1,"order":{"li.nes":[1,2],"note":"x"},"end":true},{"id":1,"order":{"li.nes":[3],"note":"x"},"end":true}]',
  );
});

test('a file that holds the list is cut into a file of parts', async () => {
  const blobs = memoryBlobs();
  const list = await blobs.writeLines(
    Array.from({ length: 3000 }, (_, n) => n),
    { name: 'list' },
  );
  const result = await runNode(split, null, { from: { id: 1, lines: list }, list: 'lines', size: 2 }, { blobs });
  const parts: Json[] = [];
  for await (const part of blobs.readLines((result.kind === 'emit' ? result.data : null) as unknown as BlobRef)) {
    parts.push(part);
  }
  expect(parts).toHaveLength(1500);
  expect(parts.at(-1)).toEqual({ id: 1, lines: [2998, 2999] });
});

test.each<[Json, string | undefined, string]>([
  [{ a: 1 }, undefined, 'NOT_A_LIST'],
  [{ a: 1 }, 'a', 'NOT_A_LIST'],
  [{ a: [] }, 'b', 'LIST_MISSING'],
  [{ a: [] }, 'a.b', 'LIST_MISSING'],
  [[], 'toString', 'LIST_MISSING'],
  [{}, 'toString', 'LIST_MISSING'],
  [{}, 'a..b', 'LIST_PATH'],
])('%j with the list at %s fails with %s', async (input, list, code) => {
  const config = { from: input, size: 1, ...(list !== undefined && { list }) };
  expect(await runNode(split, null, config)).toMatchObject({ kind: 'fail', error: { code, category: 'validation' } });
});

test.each<object>([{}, { size: 0 }, { size: 1.5 }, { size: 10_001 }])('%j is no size', (config) => {
  expect(schemaProblems(split.config, { from: [], ...config })).not.toEqual([]);
});
