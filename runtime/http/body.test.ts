import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { maxBodyBytes, readBody, readBytes } from './body.ts';
import { holdBodies } from './held-bodies.ts';

function request(body: Uint8Array, headers: Record<string, string> = {}): IncomingMessage {
  return Object.assign(Readable.from([body]), { headers }) as unknown as IncomingMessage;
}

const json = { 'content-type': 'application/json' };
const text = Buffer.from('{"id":"A-1"}');

describe('a compressed body', () => {
  test.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['identity', text],
    ['GZIP', gzipSync(text)],
  ])('by %s is read', async (encoding, body) => {
    const sent = request(body, { ...json, 'content-encoding': encoding });
    expect(await readBody(sent, holdBodies().open(), 'acme')).toEqual({ id: 'A-1' });
  });

  test.each(['gzip, br', 'compress', 'aws-chunked'])('by “%s” is refused', async (encoding) => {
    await expect(readBytes(request(text, { 'content-encoding': encoding }), holdBodies().open())).rejects.toMatchObject(
      {
        code: 'UNSUPPORTED_MEDIA_TYPE',
      },
    );
  });

  test.each([
    ['no gzip', text],
    ['cut off', gzipSync(text).subarray(0, 15)],
  ])('that is %s is refused', async (_case, body) => {
    await expect(readBytes(request(body, { 'content-encoding': 'gzip' }), holdBodies().open())).rejects.toMatchObject({
      code: 'BAD_COMPRESSION',
    });
  });

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('49 that is a bomb by %s is refused, however small it is', async (encoding, compress) => {
    const huge = compress(Buffer.alloc(2 * maxBodyBytes));
    const dense = compress(Buffer.alloc(maxBodyBytes / 2));
    for (const bomb of [huge, dense])
      await expect(
        readBytes(request(bomb, { 'content-encoding': encoding }), holdBodies().open()),
      ).rejects.toMatchObject({
        code: 'PAYLOAD_TOO_LARGE',
      });
  });

  test('that repeats itself is no bomb while it is small', async () => {
    const body = gzipSync(Buffer.alloc(1024 * 1024, 'a'));
    expect((await readBytes(request(body, { 'content-encoding': 'gzip' }), holdBodies().open())).length).toBe(
      1024 * 1024,
    );
  });
});

describe('what a body holds', () => {
  const megabyte = 1024 * 1024;

  test('is refused beyond what there is, with the time after which it may be sent again', async () => {
    const bodies = holdBodies(megabyte);
    const held = bodies.open();
    await expect(readBytes(request(Buffer.alloc(2 * megabyte)), held)).rejects.toMatchObject({
      code: 'TOO_BUSY',
      options: { retryAfter: expect.any(Number) },
    });
    bodies.open().take(megabyte / 4);
  });

  test.each([
    ['as it is', Buffer.alloc(megabyte), {}],
    ['inflated', gzipSync(Buffer.alloc(megabyte)), { 'content-encoding': 'gzip' }],
  ])('is what there is of it %s', async (_case, body, headers) => {
    const bodies = holdBodies(8 * megabyte);
    const held = bodies.open();
    expect(await readBytes(request(body, headers), held)).toHaveLength(megabyte);
    expect(() => bodies.open().take(6 * megabyte)).toThrow(expect.objectContaining({ code: 'TOO_BUSY' }));
    held.release();
    bodies.open().take(6 * megabyte);
  });

  test('has its place while it is inflated, so that of a hundred bombs at once most are not touched', async () => {
    const bodies = holdBodies(16 * megabyte);
    const bomb = gzipSync(Buffer.alloc(2 * maxBodyBytes));
    const answers = await Promise.allSettled(
      Array.from({ length: 100 }, () => readBytes(request(bomb, { 'content-encoding': 'gzip' }), bodies.open())),
    );
    const codes = answers.map((answer) => answer.status === 'rejected' && answer.reason.code);
    expect(new Set(codes)).toEqual(new Set(['PAYLOAD_TOO_LARGE', 'TOO_BUSY']));
  });
});
