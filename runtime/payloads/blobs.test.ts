import { createHash, randomUUID } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Blobs, ExactNumber, isBlobRef, type Json } from '@millrace/contract';
import { openObjectStorage } from '@millrace/object-storage';
import { type S3Server, startS3Server } from '@millrace/object-storage/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { blobsFor } from './blobs.ts';
import { allOf, bytesOf, chunksOf, openPayloads, type Payloads, textOf } from './payloads.fixture.ts';
import type { PayloadStore } from './store.ts';

const credentials = { accessKeyId: 'AKPAYLOADS', secretAccessKey: 'canary-secret' };
let payloads: Payloads;
let s3: S3Server;
beforeAll(async () => {
  // The machine's own credentials, as an operator sets them.
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId).stubEnv(
    'AWS_SECRET_ACCESS_KEY',
    credentials.secretAccessKey,
  );
  s3 = await startS3Server({ bucketName: 'payloads', credentials });
  payloads = await openPayloads();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await payloads?.close();
  await s3?.close();
});

const s3Place = () => `s3://payloads/kept?endpoint=${s3.endpoint}&pathStyle=true`;

describe.each<[string, () => string]>([
  ['the database', () => 'database'],
  ['a folder', () => `folder:${join(payloads.folder, 'kept')}`],
  ['S3', s3Place],
])('payloads in %s', (_place, place) => {
  let store: PayloadStore;
  let blobs: Blobs;
  beforeEach(() => {
    store = payloads.storeIn(place());
    blobs = blobsFor(store, { tenant: payloads.tenant, run: randomUUID() });
  });
  const kept = async () =>
    (await payloads.count('payload')) + (await payloads.count('payload_chunk')) + (await objects());
  const objects = async () => (await filesIn(join(payloads.folder, 'kept'))).length + s3.bucket.objects.size;

  test.each([0, 1, 262_144, 262_145, 1_048_576, 1_048_577, 9_000_001])(
    'of %i bytes come back as they were',
    async (size) => {
      const ref = await blobs.write(bytesOf(size), { name: 'a.bin', mediaType: 'application/octet-stream' });
      expect(ref).toEqual({
        blob: expect.stringMatching(/^blob_[0-9a-f]{32}$/),
        name: 'a.bin',
        mediaType: 'application/octet-stream',
        bytes: size,
        sha256: await sha256Of(bytesOf(size)),
      });
      expect(isBlobRef(ref)).toBe(true);
      expect(await sha256Of(blobs.read(ref))).toBe(ref.sha256);
    },
  );

  test('written in single bytes come back as they were', async () => {
    const pieces = Array.from({ length: 3000 }, (_, n) => String(n % 10));
    const ref = await blobs.write(chunksOf(...pieces), { name: 'a', mediaType: 'text/plain' });
    expect(await textOf(blobs.read(ref))).toBe(pieces.join(''));
  });

  test('beyond the limit are refused, and nothing is kept', async () => {
    const before = await kept();
    const small = blobsFor({ ...store, limit: 2_000_000 }, { tenant: payloads.tenant });
    await expect(small.write(bytesOf(2_000_001), { name: 'big', mediaType: 'a/b' })).rejects.toMatchObject({
      code: 'BLOB_TOO_LARGE',
      category: 'validation',
    });
    expect(await kept()).toBe(before);
    await small.write(bytesOf(2_000_000), { name: 'fits', mediaType: 'a/b' });
  });

  test('that will be beyond the limit are refused unread', async () => {
    const before = await kept();
    const small = blobsFor({ ...store, limit: 2_000_000 }, { tenant: payloads.tenant });
    const declared = { name: 'big', mediaType: 'a/b', bytes: 5_000_000_000 };
    const unreadable = (async function* () {
      yield await Promise.reject<Uint8Array>(new RangeError('it was read'));
    })();
    await expect(small.write(unreadable, declared)).rejects.toMatchObject({ code: 'BLOB_TOO_LARGE' });
    expect(await kept()).toBe(before);
  });

  test('whose source breaks off are not kept', async () => {
    const before = await kept();
    const source = (async function* () {
      yield* bytesOf(3_000_000);
      throw new RangeError('the source broke off');
    })();
    await expect(blobs.write(source, { name: 'half', mediaType: 'a/b' })).rejects.toThrow('the source broke off');
    expect(await kept()).toBe(before);
  });

  test('are missing to other tenants, and to whoever makes up a reference', async () => {
    const ref = await blobs.write(chunksOf('secret'), { name: 'a', mediaType: 'text/plain' });
    const stranger = blobsFor(store, { tenant: payloads.other });
    const missing = { code: 'BLOB_MISSING', category: 'not-found' };
    await expect(textOf(stranger.read(ref))).rejects.toMatchObject(missing);
    await expect(allOf(stranger.readLines(ref))).rejects.toMatchObject(missing);
    for (const blob of [`blob_${'0'.repeat(32)}`, "blob_' or true", '../../etc/passwd', ref.blob.toUpperCase()])
      await expect(textOf(blobs.read({ ...ref, blob }))).rejects.toMatchObject(missing);
    expect(await textOf(blobs.read({ ...ref, name: 'other', bytes: 1 }))).toBe('secret');
  });

  test('that are lists keep every item exactly', async () => {
    const items: Json[] = [{ total: new ExactNumber('12345678901234567.890') }, null, 'a\nb', [], 'å'];
    const ref = await blobs.writeLines(items, { name: 'items' });
    expect(ref.mediaType).toBe('application/x-ndjson');
    expect(await allOf(blobs.readLines(ref))).toEqual(items);
    expect(await allOf(blobs.readLines(ref, 3))).toEqual(items.slice(3));
    expect(await allOf(blobs.readLines(await blobs.writeLines([], { name: 'none' })))).toEqual([]);
  });

  test.each([0, 1, 999, 1000, 1001, 2999, 3000, 3001, 9999])(
    'that are lists of 3,000 give the items from %i on',
    async (from) => {
      const ref = await blobs.writeLines(numbers(3000), { name: 'numbers' });
      expect(await allOf(blobs.readLines(ref, from))).toEqual([...numbers(3000)].slice(from));
    },
  );

  test('that are no list have no items', async () => {
    const ref = await blobs.write(chunksOf('1\n2\n'), { name: 'a.txt', mediaType: 'text/plain' });
    const forged = { ...ref, mediaType: 'application/x-ndjson' };
    await expect(allOf(blobs.readLines(forged))).rejects.toMatchObject({ code: 'BLOB_NOT_A_LIST' });
  });

  test('that hold what is no item say which', async () => {
    const lines = await blobs.write(chunksOf('1\n{"a":', '\n3'), { name: 'b', mediaType: 'application/x-ndjson' });
    const read = blobs.readLines(lines)[Symbol.asyncIterator]();
    expect(await read.next()).toEqual({ done: false, value: 1 });
    await expect(read.next()).rejects.toMatchObject({
      code: 'BLOB_LINE_INVALID',
      message: 'Item 1 of the list “b” is not JSON.',
    });
    expect(await allOf(blobs.readLines(lines, 2))).toEqual([3]);
  });

  test('are found where they are after the setting has changed', async () => {
    const ref = await blobs.write(chunksOf('stays'), { name: 'a', mediaType: 'text/plain' });
    const elsewhere = payloads.storeIn(`folder:${join(payloads.folder, 'new')}`);
    expect(await textOf(blobsFor(elsewhere, { tenant: payloads.tenant }).read(ref))).toBe('stays');
  });

  test('keep a name that no database keeps', async () => {
    const ref = await blobs.write(chunksOf('x'), { name: 'a\0b\ud800', mediaType: 'text/plain' });
    expect(ref.name).toBe('a\ufffdb\ufffd');
    expect(await textOf(blobs.read(ref))).toBe('x');
  });
});

test('item 99,000 of a list is found without reading what is before it', async () => {
  const folder = join(payloads.folder, 'long');
  const blobs = blobsFor(payloads.storeIn(`folder:${folder}`), { tenant: payloads.tenant });
  const ref = await blobs.writeLines(numbers(100_000), { name: 'numbers' });
  const [name] = await filesIn(folder);
  // Whoever reads from the beginning finds no lines here, and counts wrongly.
  const file = await open(join(folder, payloads.tenant, (name as string).slice(0, 2), name as string), 'r+');
  await file.write(Buffer.alloc(1_000_000, 'x'), 0, 1_000_000, 0);
  await file.close();
  const items = await allOf(blobs.readLines(ref, 99_000));
  expect([items.length, items[0]]).toEqual([1000, { n: 99_000, text: 'item 99000' }]);
});

test('content that is not complete cannot be read', async () => {
  const blobs = blobsFor(payloads.storeIn('database'), { tenant: payloads.tenant });
  const ref = await blobs.write(chunksOf('half'), { name: 'half', mediaType: 'text/plain' });
  await payloads.query("update millrace.payload set sha256 = null where name = 'half'");
  await expect(textOf(blobs.read(ref))).rejects.toMatchObject({ code: 'BLOB_MISSING' });
});

test('content that has gone from its place is missing', async () => {
  const blobs = blobsFor(payloads.storeIn(s3Place()), { tenant: payloads.tenant });
  const ref = await blobs.write(chunksOf('gone'), { name: 'a', mediaType: 'text/plain' });
  s3.bucket.objects.clear();
  await expect(textOf(blobs.read(ref))).rejects.toMatchObject({ code: 'BLOB_MISSING' });
  const inDatabase = blobsFor(payloads.storeIn('database'), { tenant: payloads.tenant });
  const row = await inDatabase.write(bytesOf(2_000_000), { name: 'a', mediaType: 'text/plain' });
  await payloads.query('delete from millrace.payload_chunk where number = 5');
  await expect(textOf(inDatabase.read(row))).rejects.toMatchObject({ code: 'BLOB_MISSING' });
});

test('R-D2 a place that is down fails as transient, and holds nothing that nobody knows of', async () => {
  const blobs = blobsFor(payloads.storeIn(s3Place()), { tenant: payloads.tenant });
  await s3.down();
  await expect(blobs.write(chunksOf('x'), { name: 'a', mediaType: 'a/b' })).rejects.toMatchObject({
    category: 'transient',
  });
  await s3.up();
  const known = await payloads.query("select id, tenant_id from millrace.payload where place like 's3:%'");
  const keys = new Set(known.rows.map(({ id, tenant_id }) => `kept/${tenant_id}/${id.slice(0, 2)}/${id}`));
  expect([...s3.bucket.objects.keys()].filter((key) => !keys.has(key))).toEqual([]);
});

test('secrets of the place are in no row', async () => {
  const { rows } = await payloads.query('select to_json(payload) as row from millrace.payload');
  expect(JSON.stringify(rows)).not.toContain('canary');
});

test('content of hundreds of megabytes is held in memory in small part only', async () => {
  const store = payloads.storeIn(`folder:${join(payloads.folder, 'huge')}`);
  const blobs = blobsFor(store, { tenant: payloads.tenant });
  const size = 400_000_000;
  let peak = 0;
  const start = process.memoryUsage();
  const watched = async function* (source: AsyncIterable<Uint8Array>) {
    for await (const chunk of source) {
      const { arrayBuffers, heapUsed } = process.memoryUsage();
      peak = Math.max(peak, arrayBuffers + heapUsed - start.arrayBuffers - start.heapUsed);
      yield chunk;
    }
  };
  const ref = await blobs.write(watched(bytesOf(size)), { name: 'huge', mediaType: 'a/b' });
  let read = 0;
  for await (const chunk of watched(blobs.read(ref))) read += chunk.length;
  expect([ref.bytes, read]).toEqual([size, size]);
  // What is let go and not collected yet counts too.
  expect(peak).toBeLessThan(size / 2);
  const storage = openObjectStorage({ kind: 'folder', folder: join(payloads.folder, 'huge') });
  expect((await allOf(storage.list())).map((object) => object.size)).toEqual([size]);
});

function* numbers(count: number): Generator<Json> {
  for (let n = 0; n < count; n++) yield { n, text: `item ${n}` };
}

async function sha256Of(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk);
  return hash.digest('hex');
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
