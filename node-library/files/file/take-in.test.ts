import type { FileExchange } from '@millrace/file-exchange';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { expect, test } from 'vitest';
import { takeIn } from './take-in.ts';

const unreadable = {
  async *stream() {
    yield await Promise.reject(new Error('The file was read.'));
  },
} as unknown as FileExchange;

test.each([
  ['file', 'BLOB_TOO_LARGE'],
  ['text', 'FILE_TOO_LARGE'],
  ['json', 'FILE_TOO_LARGE'],
] as const)('what is too large to be taken in as %s is refused by its size, unread', async (as, code) => {
  const found = { path: 'large.bin', name: 'large.bin', size: 5_000_000_000 };
  const ctx = { blobs: memoryBlobs(256_000_000), tenant: { slug: 'acme', timeZone: 'UTC' } };
  const taking = takeIn(unreadable, found, { as, largest: 1_000_000 }, ctx);
  await expect(taking).rejects.toMatchObject({ code });
});
