import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  authoringSchema,
  type BlobRef,
  type Blobs,
  type Emit,
  ExactNumber,
  type Json,
  MillraceError,
  type Result,
} from '@millrace/contract';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { schemaProblems } from '@millrace/testing/schema-problems';
import { describe, expect, test } from 'vitest';
import type { HttpRequestConfig } from './config.ts';
import { json, setup } from './local-server.fixture.ts';
import httpRequest from './node.ts';

describe('what is sent', () => {
  test('a body goes out as JSON with every digit of its numbers', async () => {
    const { call, received } = await setup(json(200, '{}'));
    await call({ method: 'POST', body: { total: new ExactNumber('9007199254740993') } satisfies Json });
    expect(received[0]).toMatchObject({
      body: '{"total":9007199254740993}',
      headers: { 'content-type': 'application/json' },
    });
  });

  test('text goes out as it is, with the content type that is given', async () => {
    const { call, received } = await setup(json(200, '{}'));
    await call({ method: 'PUT', body: '<a/>', headers: { 'Content-Type': 'application/xml' } });
    expect(received[0]).toMatchObject({ body: '<a/>', headers: { 'content-type': 'application/xml' } });
  });

  test('a write carries the key that stays the same on every retry', async () => {
    const { call, received } = await setup(json(200, '{}'));
    await call({ method: 'POST' }, { idempotencyKey: () => 'key-1' });
    await call({ method: 'DELETE', idempotencyHeader: 'X-Request-Id' }, { idempotencyKey: () => 'key-1' });
    expect(received.map(({ headers }) => headers['idempotency-key'] ?? headers['x-request-id'])).toEqual([
      'key-1',
      'key-1',
    ]);
  });

  test('a key of the flow’s own stands', async () => {
    const { call, received } = await setup(json(200, '{}'));
    await call({ method: 'POST', headers: { 'idempotency-key': 'D-1001' } });
    expect(received[0]?.headers['idempotency-key']).toBe('D-1001');
  });

  test('a read carries none', async () => {
    const { call, received } = await setup(json(200, '{}'));
    await call();
    expect(received[0]).toMatchObject({
      method: 'GET',
      headers: expect.not.objectContaining({ 'idempotency-key': expect.anything() }),
    });
  });

  test('query parameters are encoded and join those of the address', async () => {
    const { base, call, received } = await setup(json(200, '{}'));
    await call({ url: `${base}/api?a=1`, query: { q: 'x&y=ö', limit: 50, open: true } });
    expect(received[0]?.url).toBe('/api?a=1&q=x%26y%3D%C3%B6&limit=50&open=true');
  });
});

describe('what comes back', () => {
  test('JSON is parsed without rounding', async () => {
    const { call } = await setup(json(200, '{"total":9007199254740993}'));
    expect(await call()).toMatchObject({
      kind: 'emit',
      port: 'out',
      data: { status: 200, body: { total: new ExactNumber('9007199254740993') } },
    });
  });

  test('anything else is text in its own charset', async () => {
    const { call } = await setup((response) =>
      response.writeHead(200, { 'content-type': 'text/csv; charset=ISO-8859-1' }).end(Buffer.from('Malmö', 'latin1')),
    );
    expect(await call()).toMatchObject({ data: { body: 'Malmö' } });
  });

  test('no content is null', async () => {
    const { call } = await setup((response) => response.writeHead(204).end());
    expect(await call({ method: 'DELETE' })).toMatchObject({ data: { status: 204, body: null } });
  });

  test('session cookies are left out', async () => {
    const { call } = await setup(json(200, '{}', { 'set-cookie': 'session=canary', 'x-page': '1' }));
    const result = await call();
    expect(result).toMatchObject({ data: { headers: { 'x-page': '1' } } });
    expect(JSON.stringify(result)).not.toContain('canary');
  });

  test('a status listed as expected is an answer', async () => {
    const { call } = await setup(json(404, '{"message":"unknown"}'));
    expect(await call({ expect: [200, 404] })).toMatchObject({
      kind: 'emit',
      data: { status: 404, body: { message: 'unknown' } },
    });
  });

  test('an answer that only says it is JSON fails the step', async () => {
    const { call } = await setup(json(200, '<html>'));
    expect(await call()).toMatchObject({ error: { code: 'RESPONSE_NOT_JSON', category: 'server' } });
  });

  test('an endless answer is refused at 10 MB', async () => {
    const { call } = await setup((response) => {
      const pump = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024)));
      };
      response.on('drain', pump);
      pump();
    });
    expect(await call()).toMatchObject({
      error: { code: 'RESPONSE_TOO_LARGE', message: 'The answer is larger than 10 MB.' },
    });
  });
});

describe('R-C6 an answer that is kept as a file', () => {
  const asFile = { as: 'file' } as const;
  const fileIn = (result: Result) => ((result as Emit).data as unknown as { body: BlobRef }).body;
  const textOf = async (blobs: Blobs, ref: BlobRef) => text(Readable.from(blobs.read(ref)));

  test('is whatever came, unread', async () => {
    const blobs = memoryBlobs();
    const { call } = await setup(json(200, '[{"sku":"A","qty":'));
    const file = fileIn(await call(asFile, { blobs }));
    expect(file).toMatchObject({ name: 'api', mediaType: 'application/json', bytes: 18 });
    expect(await textOf(blobs, file)).toBe('[{"sku":"A","qty":');
  });

  test('may be larger than what is read as data', async () => {
    const megabyte = Buffer.alloc(1024 * 1024, 'x');
    const { call } = await setup(async (response) => {
      for (let n = 0; n < 12; n++) if (!response.write(megabyte)) await once(response, 'drain');
      response.end();
    });
    expect(fileIn(await call(asFile, { blobs: memoryBlobs() }))).toMatchObject({ bytes: 12 * 1024 * 1024 });
    expect(await call({ ...asFile, maxMegabytes: 11 }, { blobs: memoryBlobs() })).toMatchObject({
      error: { code: 'RESPONSE_TOO_LARGE', message: 'The answer is larger than 11 MB.' },
    });
  });

  test('and breaks off is no answer', async () => {
    const { call } = await setup((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('[{"sku":"A"', () => response.destroy());
    });
    expect(await call(asFile, { blobs: memoryBlobs() })).toMatchObject({
      error: { code: 'HTTP_UNREACHABLE', category: 'transient' },
    });
  });

  test('counts only with an expected status', async () => {
    const { call } = await setup(json(503, '{"message":"later"}'));
    expect(await call(asFile, { blobs: memoryBlobs() })).toMatchObject({
      error: { code: 'HTTP_503', category: 'transient', details: { body: '{"message":"later"}' } },
    });
  });

  test('is refused by a store that does not keep so much, which is no trouble of the network', async () => {
    const { call } = await setup(json(200, '[]'));
    const write = () => Promise.reject(new MillraceError('BLOB_TOO_LARGE', 'Too large.'));
    expect(await call(asFile, { blobs: { ...memoryBlobs(), write } })).toMatchObject({
      error: { code: 'BLOB_TOO_LARGE' },
    });
  });
});

test('R-C6 an answer tells when its request was sent', async () => {
  const now = new Date('2026-03-02T02:00:00.120Z');
  const { call } = await setup(json(200, '{}'));
  expect(await call({}, { clock: { now: () => now } })).toMatchObject({ data: { sentAt: '2026-03-02T02:00:00.120Z' } });
});

test.each([
  [{ maxMegabytes: 50 }, true],
  [{ maxMegabytes: 51 }, false],
  [{ as: 'data', maxMegabytes: 51 }, false],
  [{ as: 'file', maxMegabytes: 5000 }, true],
  [{ as: 'list' }, false],
  [{ fileTypes: ['image/png'] }, false],
])('an answer with %j may be asked for: %s', (config, expected) => {
  const problems = schemaProblems(authoringSchema(httpRequest.config), { url: 'https://erp.example.com', ...config });
  expect(problems.length === 0).toBe(expected);
});

test('the largest answer is what the config says', async () => {
  const { call } = await setup(json(200, JSON.stringify('x'.repeat(1024 * 1024))));
  expect(await call({ maxMegabytes: 1 })).toMatchObject({
    error: { code: 'RESPONSE_TOO_LARGE', message: 'The answer is larger than 1 MB.' },
  });
  expect(await call({ maxMegabytes: 2 })).toMatchObject({ kind: 'emit' });
});

test.each([
  [{}, 'read'],
  [{ method: 'HEAD' }, 'read'],
  [{ method: 'POST' }, 'unsafe-write'],
  [{ method: 'DELETE' }, 'unsafe-write'],
])('a request with %j is a %s', (config, effect) => {
  expect(httpRequest.effectOf?.(config)).toBe(effect);
});

describe('what is refused before anything is sent', () => {
  test.each(['erp.example.com/api', '/api', 'ftp://erp.example.com', 'file:///etc/passwd'])(
    'the address %s',
    async (url) => {
      const { call } = await setup(json(200, '{}'));
      expect(await call({ url })).toMatchObject({ error: { code: 'URL_INVALID', pointer: '/url' } });
    },
  );

  test('a body of a read', async () => {
    const { call } = await setup(json(200, '{}'));
    expect(await call({ body: {} })).toMatchObject({ error: { code: 'BODY_NOT_ALLOWED', pointer: '/body' } });
  });

  test('an address that the instance does not allow, in the instance’s own words', async () => {
    const { call } = await setup(json(200, '{}'));
    const refuse = () => Promise.reject(new MillraceError('ADDRESS_REFUSED', 'Private addresses are not allowed.'));
    expect(await call({}, { fetch: refuse })).toMatchObject({ error: { code: 'ADDRESS_REFUSED' } });
  });
});

describe('a secret', () => {
  const canary = 'canary-7f3a';

  test.each<{ where: string; config: Partial<HttpRequestConfig>; code: string }>([
    { where: 'a user name', config: { url: `https://${canary}:${canary}@erp.example.com/` }, code: 'URL_INVALID' },
    { where: 'a header with a line break', config: { headers: { 'X-Key': `${canary}\r\nx` } }, code: 'HEADER_INVALID' },
    { where: 'an address that is none', config: { url: `erp.example.com?key=${canary}` }, code: 'URL_INVALID' },
  ])('in $where is not repeated by the error', async ({ config, code }) => {
    const { call } = await setup(json(200, '{}'));
    const result = await call(config);
    expect(result).toMatchObject({ kind: 'fail', error: { code } });
    expect(JSON.stringify(result)).not.toContain(canary);
  });

  test('in path, query or header is not repeated when the other side refuses', async () => {
    const { base, call } = await setup(json(401, '{}'));
    const result = await call({
      url: `${base}/hooks/${canary}`,
      query: { key: canary },
      headers: { Authorization: canary },
    });
    expect(result).toMatchObject({ error: { message: `GET ${base} answered 401.` } });
    expect(JSON.stringify(result)).not.toContain(canary);
  });
});
