import type { BlobRef, Json } from '@millrace/contract';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { runNode } from '@millrace/testing/run-node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import remove from '../delete/node.ts';
import put from '../put/node.ts';
import { openFolderSandbox, openS3Sandbox } from '../store/stores.fixture.ts';
import list from './node.ts';

describe.each([
  ['a folder', openFolderSandbox],
  ['S3', openS3Sandbox],
])('the objects of %s', (_kind, open) => {
  let opened: Awaited<ReturnType<typeof openFolderSandbox | typeof openS3Sandbox>>;
  beforeEach(async () => {
    opened = await open();
    for (const key of ['b.json', 'a/1.json', 'a/2.json', 'a/3.json'])
      await runNode(put, { of: key }, { key }, opened.world);
  });
  afterEach(() => opened.sandbox.stop());

  const page = async (config: Parameters<typeof list.run>[1]) => {
    const { data } = (await runNode(list, null, config, opened.world)) as unknown as {
      data: { objects: { key: string }[]; next: string | null };
    };
    return { keys: data.objects.map(({ key }) => key), next: data.next };
  };

  test('are listed with size and time', async () => {
    expect(await runNode(list, null, { prefix: 'b' }, opened.world)).toEqual({
      kind: 'emit',
      port: 'out',
      data: {
        objects: [{ key: 'b.json', size: 15, modifiedAt: expect.stringMatching(/^\d{4}-.*Z$/) }],
        next: null,
      },
    });
  });

  test('are listed page by page', async () => {
    expect(await page({ prefix: 'a/', limit: 2 })).toEqual({ keys: ['a/1.json', 'a/2.json'], next: 'a/2.json' });
    expect(await page({ prefix: 'a/', limit: 2, after: 'a/2.json' })).toEqual({ keys: ['a/3.json'], next: null });
    expect(await page({ limit: 4 })).toEqual({ keys: ['a/1.json', 'a/2.json', 'a/3.json', 'b.json'], next: null });
  });

  test('are listed into a file, however many they are', async () => {
    const blobs = memoryBlobs();
    const result = await runNode(list, null, { as: 'file', limit: 1 }, { ...opened.world, blobs });
    const { objects } = (result as unknown as { data: { objects: BlobRef } }).data;
    expect(objects).toMatchObject({ name: 'objects.jsonl', mediaType: 'application/x-ndjson' });
    const lines: Json[] = [];
    for await (const line of blobs.readLines(objects)) lines.push(line);
    expect(lines).toMatchObject([{ key: 'a/1.json' }, { key: 'a/2.json' }, { key: 'a/3.json' }, { key: 'b.json' }]);
  });

  test('are fewer when one is deleted, and deleting it again changes nothing', async () => {
    const deleted = { kind: 'emit', port: 'out', data: { key: 'a/2.json' } };
    expect(await runNode(remove, null, { key: 'a/2.json' }, opened.world)).toEqual(deleted);
    expect(await runNode(remove, null, { key: 'a/2.json' }, opened.world)).toEqual(deleted);
    expect((await page({ prefix: 'a/' })).keys).toEqual(['a/1.json', 'a/3.json']);
  });

  test('cannot be listed while the store is down', async () => {
    await opened.sandbox.act({ act: 'down' });
    expect(await runNode(list, null, {}, opened.world)).toMatchObject({
      error: { code: 'STORE_UNAVAILABLE', category: 'transient' },
    });
    await opened.sandbox.act({ act: 'up' });
  });
});
