import type { Json } from '@millrace/contract';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { memoryRecordStore } from '@millrace/testing/memory-records';
import { runNode } from '@millrace/testing/run-node';
import { expect, test } from 'vitest';
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

test('missing records need something that becomes of them', async () => {
  expect(await runNode(sync, [], { ...config, missing: {} })).toMatchObject({
    error: { code: 'SYNC_TARGET_MISSING', pointer: '/missing' },
  });
});
