import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { maxBodyBytes, readBody, readBytes } from './body.ts';

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
    expect(await readBody(request(body, { ...json, 'content-encoding': encoding }))).toEqual({ id: 'A-1' });
  });

  test.each(['gzip, br', 'compress', 'aws-chunked'])('by “%s” is refused', async (encoding) => {
    await expect(readBytes(request(text, { 'content-encoding': encoding }))).rejects.toMatchObject({
      code: 'UNSUPPORTED_MEDIA_TYPE',
    });
  });

  test.each([
    ['no gzip', text],
    ['cut off', gzipSync(text).subarray(0, 15)],
  ])('that is %s is refused', async (_case, body) => {
    await expect(readBytes(request(body, { 'content-encoding': 'gzip' }))).rejects.toMatchObject({
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
      await expect(readBytes(request(bomb, { 'content-encoding': encoding }))).rejects.toMatchObject({
        code: 'PAYLOAD_TOO_LARGE',
      });
  });

  test('that repeats itself is no bomb while it is small', async () => {
    const body = gzipSync(Buffer.alloc(1024 * 1024, 'a'));
    expect((await readBytes(request(body, { 'content-encoding': 'gzip' }))).length).toBe(1024 * 1024);
  });
});
