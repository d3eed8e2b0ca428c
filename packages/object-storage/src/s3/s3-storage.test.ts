import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MillraceError } from '@millrace/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fault } from '../sandbox/s3-server.ts';
import { allOf, bytesOf, credentials, openS3, textOf } from '../storage.fixture.ts';
import { s3Storage } from './s3-storage.ts';

let s3: Awaited<ReturnType<typeof openS3>>;
beforeEach(async () => {
  s3 = await openS3();
  await s3.storage.put('order', Buffer.from('order'), { contentType: 'text/plain' });
});
afterEach(() => s3.close());

const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (thrown: unknown) => thrown as MillraceError,
  );

describe('an object in a bucket', () => {
  test('lies below the prefix, with its media type', async () => {
    expect([...s3.server.bucket.objects.keys()]).toEqual(['millrace/order']);
    expect(await s3.storage.head('order')).toMatchObject({ size: 5, contentType: 'text/plain' });
    const { contentType, content } = await s3.storage.get('order');
    content.destroy();
    expect(contentType).toBe('text/plain');
  });

  test('that somebody else has put is found under exactly its key', async () => {
    const object = { bytes: Buffer.from('x'), contentType: undefined, modifiedAt: new Date() };
    const foreign = ['2026-01-01T10:00:00.json', 'Malmo\u0308', 'a//b', 'a b?&<>"\'.json'];
    for (const key of foreign) s3.server.bucket.objects.set(`millrace/${key}`, object);
    for (const key of foreign) expect(await textOf(s3.storage, key)).toBe('x');
    const listed = await allOf(s3.storage.list());
    expect(listed.map(({ key }) => key)).toEqual([...foreign, 'order'].sort());
  });

  test('outside the prefix is not reached', async () => {
    s3.server.bucket.objects.set('other', { bytes: Buffer.from('x'), contentType: undefined, modifiedAt: new Date() });
    expect(await failureOf(s3.storage.get('../other'))).toMatchObject({ code: 'OBJECT_KEY_INVALID' });
    expect((await allOf(s3.storage.list())).map(({ key }) => key)).toEqual(['order']);
  });

  test('is one of thousands, listed page by page', async () => {
    const object = { bytes: Buffer.from('x'), contentType: undefined, modifiedAt: new Date() };
    for (let n = 0; n < 2500; n++) s3.server.bucket.objects.set(`millrace/many/${String(n).padStart(4, '0')}`, object);
    const listed = await allOf(s3.storage.list({ prefix: 'many/', after: 'many/0099' }));
    expect([listed.length, listed[0]?.key, listed.at(-1)?.key]).toEqual([2400, 'many/0100', 'many/2499']);
  });
});

describe('R-D2 faults of the store', () => {
  test('down and back: transient, and then the object is put', async () => {
    await s3.server.down();
    for (const call of [
      () => s3.storage.put('a', Buffer.from('x')),
      () => s3.storage.get('order'),
      () => s3.storage.delete('order'),
    ])
      expect(await failureOf(call())).toMatchObject({ code: 'STORE_UNAVAILABLE', category: 'transient' });
    await s3.server.up();
    await s3.storage.put('a', Buffer.from('x'));
    expect(await textOf(s3.storage, 'a')).toBe('x');
  });

  test.each([
    [{ status: 503, code: 'SlowDown', retryAfter: 7 }, 'STORE_BUSY', 'rate-limit'],
    [{ status: 429, code: 'Whatever' }, 'STORE_BUSY', 'rate-limit'],
    [{ status: 503, code: 'ServiceUnavailable' }, 'STORE_UNAVAILABLE', 'transient'],
    [{ status: 503, code: 'Whatever' }, 'STORE_UNAVAILABLE', 'transient'],
    [{ status: 400, code: 'RequestTimeout' }, 'STORE_UNAVAILABLE', 'transient'],
    [{ status: 500, code: 'InternalError' }, 'STORE_FAILED', 'server'],
    [{ status: 403, code: 'AccessDenied' }, 'STORE_FORBIDDEN', 'auth'],
    [{ status: 403, code: 'InvalidAccessKeyId' }, 'STORE_REFUSED', 'auth'],
    [{ status: 404, code: 'NoSuchBucket' }, 'STORE_BUCKET_MISSING', 'not-found'],
    [{ status: 409, code: 'ConditionalRequestConflict' }, 'STORE_CONFLICT', 'transient'],
    [{ status: 301, code: 'PermanentRedirect' }, 'STORE_REGION_WRONG', 'validation'],
    [{ status: 400, code: 'EntityTooLarge' }, 'OBJECT_TOO_LARGE', 'validation'],
    [{ status: 400, code: 'InvalidRequest' }, 'STORE_REQUEST_REFUSED', 'validation'],
  ] as [Fault, string, string][])('%j is %s, %s, told once and in our words', async (fault, code, category) => {
    const before = s3.server.requests.length;
    s3.server.fail(fault, 1);
    const failure = await failureOf(s3.storage.put('a', Buffer.from('x')));
    expect(failure).toMatchObject({ code, category });
    expect(failure?.message).toMatch(/^The .*\.$/);
    expect(failure?.options.retryAfter).toBe(fault.retryAfter);
    expect(s3.server.requests.length - before).toBe(1);
  });

  test('wrong credentials are an auth failure that does not tell them', async () => {
    s3.server.setCredentials({ ...credentials, secretAccessKey: 'another' });
    const failure = await failureOf(s3.storage.put('a', Buffer.from('x')));
    expect(failure).toMatchObject({ code: 'STORE_REFUSED', category: 'auth' });
    expect(JSON.stringify(failure?.toData())).not.toMatch(/canary|AKMILLRACE/);
  });

  test('a clock that differs is told as such', async () => {
    s3.server.setSkew(3_600_000);
    expect(await failureOf(s3.storage.head('order'))).toMatchObject({ category: 'auth' });
    const other = s3Storage(s3.config);
    expect(await failureOf(other.get('order'))).toMatchObject({ code: 'STORE_CLOCK_SKEWED', category: 'auth' });
  });

  test.each([2 ** 16, 2 ** 20])('an upload that is cut after %i bytes leaves nothing behind', async (bytes) => {
    s3.server.cutAfter(bytes);
    expect(await failureOf(s3.storage.put('order', bytesOf(30 * 2 ** 20)))).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      category: 'transient',
    });
    expect(s3.server.bucket.uploads.size).toBe(0);
    expect(await textOf(s3.storage, 'order')).toBe('order');
  });

  test('a download that is cut is not taken for the whole', async () => {
    await s3.storage.put('long', bytesOf(2 ** 20));
    s3.server.cutAnswer();
    expect(await failureOf(textOf(s3.storage, 'long'))).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      category: 'transient',
    });
  });
});

test('parts whose taking back failed are swept later', async () => {
  s3.server.bucket.begin('millrace/lost', undefined, new Date(Date.now() - 90_000_000));
  s3.server.bucket.begin('millrace/young', undefined, new Date());
  s3.server.bucket.begin('elsewhere', undefined, new Date(0));
  await s3.storage.sweep(new Date(Date.now() - 86_400_000));
  expect([...s3.server.bucket.uploads.values()].map(({ key }) => key).sort()).toEqual(['elsewhere', 'millrace/young']);
});

test('an upload that is broken off takes its parts back', async () => {
  const stop = new AbortController();
  const storage = s3Storage(s3.config, { signal: stop.signal });
  const content = (async function* () {
    yield* bytesOf(20 * 2 ** 20);
    stop.abort();
    yield* bytesOf(20 * 2 ** 20);
  })();
  expect(await failureOf(storage.put('a', content))).toMatchObject({ code: 'CANCELLED', category: 'cancelled' });
  await expect.poll(() => s3.server.bucket.uploads.size).toBe(0);
  expect(await failureOf(storage.get('order'))).toMatchObject({ code: 'CANCELLED' });
  expect(s3.server.bucket.objects.has('millrace/a')).toBe(false);
});

test('a server that says nothing is given up', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const storage = s3Storage({ ...s3.config, endpoint: `http://127.0.0.1:${port}` }, { timeoutMs: 50 });
  const failure = await failureOf(storage.put('a', Buffer.from('x')));
  expect(failure).toMatchObject({
    category: 'transient',
    message: 'The object store has been silent for 0.05 seconds.',
  });
  silent.closeAllConnections();
  silent.close();
});

test('what a guarded fetch refuses is told as it says', async () => {
  const refusal = new MillraceError('ADDRESS_REFUSED', 'Not there.');
  const refusing = async () => Promise.reject(new TypeError('fetch failed', { cause: refusal }));
  const storage = s3Storage(s3.config, { fetch: refusing });
  expect(await failureOf(storage.get('order'))).toBe(refusal);
  expect(await failureOf(storage.put('a', bytesOf(30 * 2 ** 20)))).toBe(refusal);
});
