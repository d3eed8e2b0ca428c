import { ExactNumber, type Json } from '@millrace/contract';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { runNode } from '@millrace/testing/run-node';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import put from '../put/node.ts';
import { openFolderSandbox, openS3Sandbox } from '../store/stores.fixture.ts';
import get from './node.ts';

describe.each([
  ['from a folder', openFolderSandbox],
  ['from S3', openS3Sandbox],
])('an object %s', (_kind, open) => {
  let opened: Awaited<ReturnType<typeof openFolderSandbox | typeof openS3Sandbox>>;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.sandbox.stop());

  const keep = (key: string, body: Json, contentType = 'application/json') =>
    runNode(put, null, { key, body, contentType }, opened.world);

  test('is read as JSON with every digit', async () => {
    const body = { total: new ExactNumber('12345678901234567.890'), lines: [1, null] };
    await keep('D-1.json', body);
    expect(await runNode(get, null, { key: 'D-1.json' }, opened.world)).toEqual({
      kind: 'emit',
      port: 'out',
      data: { key: 'D-1.json', size: 48, body },
    });
  });

  test('is read as text, without a byte order mark', async () => {
    await keep('stock.csv', '\ufeffsku;Menge\nA-1;å\n', 'text/csv');
    expect(await runNode(get, null, { key: 'stock.csv', as: 'text' }, opened.world)).toMatchObject({
      data: { body: 'sku;Menge\nA-1;å\n' },
    });
  });

  test('becomes a file of the run, of whatever size', async () => {
    const text = 'x'.repeat(300_000);
    await keep('a/long.txt', text, 'text/plain');
    const blobs = memoryBlobs();
    const result = await runNode(
      get,
      null,
      { key: 'a/long.txt', as: 'file', maxBytes: 10 },
      { ...opened.world, blobs },
    );
    expect(result).toMatchObject({ data: { size: 300_000, body: { name: 'long.txt', bytes: 300_000 } } });
    const file = (result as unknown as { data: { body: Parameters<typeof blobs.read>[0] } }).data.body;
    const read: Uint8Array[] = [];
    for await (const chunk of blobs.read(file)) read.push(chunk);
    expect(Buffer.concat(read).toString()).toBe(text);
  });

  test('that is larger than the instance keeps is refused by its size', async () => {
    await keep('long.txt', 'x'.repeat(1001), 'text/plain');
    const blobs = memoryBlobs(1000);
    const write = vi.spyOn(blobs, 'write');
    expect(await runNode(get, null, { key: 'long.txt', as: 'file' }, { ...opened.world, blobs })).toMatchObject({
      error: { code: 'BLOB_TOO_LARGE' },
    });
    expect(write).toHaveBeenCalledWith(expect.anything(), expect.objectContaining({ bytes: 1001 }));
  });

  test('that is larger than it may be is not read', async () => {
    await keep('long.txt', 'x'.repeat(1001), 'text/plain');
    expect(await runNode(get, null, { key: 'long.txt', as: 'text', maxBytes: 1000 }, opened.world)).toMatchObject({
      error: { code: 'OBJECT_TOO_LARGE', pointer: '/maxBytes' },
    });
    expect(await runNode(get, null, { key: 'long.txt', as: 'text', maxBytes: 1001 }, opened.world)).toMatchObject({
      kind: 'emit',
    });
  });

  test('that is large JSON is read aside, with every digit', async () => {
    const line = { sku: 'A-1', price: new ExactNumber('0.10000000000000000001') };
    await keep(
      'large.json',
      Array.from({ length: 40_000 }, () => line),
    );
    const started = vi.fn<() => void>();
    process.once('worker', started);
    const result = await runNode(get, null, { key: 'large.json' }, opened.world);
    expect(started).toHaveBeenCalled();
    expect(result).toMatchObject({ data: { body: expect.arrayContaining([line]) } });
  });

  test('that is no JSON fails the step', async () => {
    await keep('a.txt', '{"half":', 'text/plain');
    expect(await runNode(get, null, { key: 'a.txt' }, opened.world)).toMatchObject({
      error: { code: 'OBJECT_UNREADABLE', pointer: '/as', category: 'validation' },
    });
  });

  test('that is not there fails the step as not found', async () => {
    expect(await runNode(get, null, { key: 'none' }, opened.world)).toMatchObject({
      error: { code: 'OBJECT_NOT_FOUND', category: 'not-found', pointer: '/key' },
    });
  });
});

test('bytes that are no UTF-8 are not read as text', async () => {
  const s3 = await openS3Sandbox();
  const blobs = memoryBlobs();
  const bytes = (async function* () {
    yield Buffer.from([0xc3, 0x28]);
  })();
  const file = await blobs.write(bytes, { name: 'a', mediaType: 'text/plain' });
  await runNode(put, { ...file }, { key: 'a' }, { ...s3.world, blobs });
  expect(await runNode(get, null, { key: 'a', as: 'text' }, s3.world)).toMatchObject({
    error: { code: 'OBJECT_UNREADABLE' },
  });
  await s3.sandbox.stop();
});
