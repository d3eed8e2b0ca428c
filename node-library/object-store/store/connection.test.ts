import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MillraceError } from '@millrace/contract';
import { openNetwork, runNode } from '@millrace/testing/run-node';
import { schemaProblems } from '@millrace/testing/schema-problems';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import put from '../put/node.ts';
import store from './connection.ts';
import { probeStore } from './probe.ts';
import { openFolderSandbox, openS3Sandbox } from './stores.fixture.ts';

describe('a connection given as one line of text', () => {
  test('is a folder with an absolute path', () => {
    expect(store.fromText('exports')).toEqual({ kind: 'folder', folder: join(process.cwd(), 'exports') });
  });

  test('is a bucket with its credentials', () => {
    expect(store.fromText('s3://key:sec%2Fret@orders/a?region=eu-north-1')).toEqual({
      kind: 's3',
      bucket: 'orders',
      region: 'eu-north-1',
      prefix: 'a/',
      accessKeyId: 'key',
      secretAccessKey: 'sec/ret',
    });
  });

  test.each([
    ['ftp://orders', '/kind'],
    ['s3://orders', '/accessKeyId'],
    ['s3://key:canary@o_', '/bucket'],
    ['s3://key:canary@orders?region=EU', '/region'],
  ])('%s is refused, naming the field and not the secret', (text, pointer) => {
    const refusal = expect.objectContaining({ code: 'BAD_CONNECTION_TEXT', options: { pointer } });
    expect(() => store.fromText(text)).toThrow(refusal);
    expect(() => store.fromText(text)).not.toThrow('canary');
  });
});

test('where nothing is bound, every tenant has a folder of its own', () => {
  expect(store.defaultConfig?.({ home: '/home/millrace', tenant: 'acme' })).toEqual({
    kind: 'folder',
    folder: '/home/millrace/objects/acme',
  });
});

test('a relative folder, and a bucket without credentials, are refused', () => {
  expect(schemaProblems(store.config, { kind: 'folder', folder: 'exports' })).not.toEqual([]);
  expect(schemaProblems(store.config, { kind: 's3', bucket: 'orders', region: 'eu-north-1' })).not.toEqual([]);
});

describe.each([
  ['a folder', openFolderSandbox],
  ['S3', openS3Sandbox],
])('R-D2 %s', (_kind, open) => {
  let opened: Awaited<ReturnType<typeof openFolderSandbox | typeof openS3Sandbox>>;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.sandbox.stop());

  const keep = (key: string) => runNode(put, { of: key }, { key }, opened.world);
  const probe = () => probeStore(opened.config, new AbortController().signal, { fetch });

  test('“Test connection” writes, reads and removes an object', async () => {
    expect(await probe()).toEqual({ ok: true, message: 'An object was written, read and removed.' });
    expect(await opened.sandbox.state()).toMatchObject({ objects: {} });
  });

  test('down fails as transient, and takes the object when it is back', async () => {
    await keep('before.json');
    await opened.sandbox.act({ act: 'down' });
    expect(await keep('later.json')).toMatchObject({ error: { code: 'STORE_UNAVAILABLE', category: 'transient' } });
    expect(await probe()).toMatchObject({ ok: false, message: expect.stringMatching(/^The object store .*\.$/) });
    await opened.sandbox.act({ act: 'up' });
    await keep('later.json');
    expect(await opened.sandbox.state()).toMatchObject({
      objects: { 'before.json': { of: 'before.json' }, 'later.json': { of: 'later.json' } },
    });
  });

  test('refuses an act that its sandbox does not know', async () => {
    await expect(async () => opened.sandbox.act({ act: 'explode' })).rejects.toMatchObject({
      code: 'SANDBOX_ACT_UNKNOWN',
    });
  });
});

describe('R-D2 faults that a flow test can play against S3', () => {
  let opened: Awaited<ReturnType<typeof openS3Sandbox>>;
  beforeEach(async () => {
    opened = await openS3Sandbox();
  });
  afterEach(() => opened.sandbox.stop());
  const keep = (body = {}) => runNode(put, body, { key: 'order.json' }, opened.world);

  test.each([
    [
      { act: 'slow-down', retryAfter: 9 },
      { code: 'STORE_BUSY', category: 'rate-limit', retryAfter: 9 },
    ],
    [
      { act: 'fail', status: 500 },
      { code: 'STORE_FAILED', category: 'server' },
    ],
    [
      { act: 'fail', status: 403, code: 'AccessDenied', times: 1 },
      { code: 'STORE_FORBIDDEN', category: 'auth' },
    ],
    [{ act: 'refuse-credentials' }, { code: 'STORE_REFUSED', category: 'auth' }],
    [
      { act: 'skew-clock', minutes: -20 },
      { code: 'STORE_CLOCK_SKEWED', category: 'auth' },
    ],
    [
      { act: 'cut-upload', afterBytes: 0 },
      { code: 'STORE_UNAVAILABLE', category: 'transient' },
    ],
  ])('%j, and then the object is kept', async (act, error) => {
    await opened.sandbox.act(act);
    expect(await keep()).toMatchObject({ error });
    await opened.sandbox.act({ act: 'accept-credentials' });
    await opened.sandbox.act({ act: 'skew-clock', minutes: 0 });
    expect(await keep({ total: 1 })).toMatchObject({ kind: 'emit' });
    expect(await opened.sandbox.state()).toEqual({ objects: { 'order.json': { total: 1 } }, unfinished: 0 });
  });

  test('no secret is in what a failure shows', async () => {
    await opened.sandbox.act({ act: 'refuse-credentials' });
    expect(JSON.stringify(await keep())).not.toContain(opened.config.secretAccessKey);
  });
});

test('a bucket is not called but by a guarded fetch', async () => {
  const s3 = await openS3Sandbox();
  const signal = new AbortController().signal;
  const network = {
    ...openNetwork,
    fetch: () => Promise.reject(new MillraceError('ADDRESS_REFUSED', 'Not called.')),
  };
  expect(await store.probe(s3.config, signal, network)).toMatchObject({ ok: false });
  const { fetch: _fetch, ...unguarded } = s3.world;
  expect(await runNode(put, {}, { key: 'a' }, unguarded)).toMatchObject({ kind: 'fail' });
  expect(await s3.sandbox.state()).toEqual({ objects: {}, unfinished: 0 });
  await s3.sandbox.stop();
});

test.runIf(process.platform === 'linux')('a folder that cannot be made fails the test of the connection', async () => {
  const config = store.fromText('/proc/millrace/objects');
  expect(await store.probe(config, new AbortController().signal, openNetwork)).toMatchObject({ ok: false });
  expect(await readdir('/proc')).not.toContain('millrace');
});
