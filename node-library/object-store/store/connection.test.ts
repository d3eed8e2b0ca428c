import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionTo, runNode, stepTime } from '@millrace/testing/run-node';
import { schemaProblems } from '@millrace/testing/schema-problems';
import { afterEach, expect, test } from 'vitest';
import put from '../put/node.ts';
import store, { type StoreConfig } from './connection.ts';
import { folderSandbox } from './sandbox.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** The store's sandbox, a node that puts into it and the test of its connection. */
async function setup() {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-store-'));
  folders.push(folder);
  const sandbox = await folderSandbox({ folder, now: () => stepTime });
  const config = sandbox.config as StoreConfig;
  const keep = (key: string) => runNode(put, { of: key }, { key }, { connection: connectionTo(config) });
  const probe = () => store.probe(config, new AbortController().signal);
  return { config, sandbox, keep, probe };
}

test('a connection given as one line of text is a folder with an absolute path', () => {
  expect(store.fromText('exports')).toEqual({ kind: 'folder', folder: join(process.cwd(), 'exports') });
});

test('where nothing is bound, every tenant has a folder of its own', () => {
  expect(store.defaultConfig?.({ home: '/home/millrace', tenant: 'acme' })).toEqual({
    kind: 'folder',
    folder: '/home/millrace/objects/acme',
  });
});

test('a relative folder is refused', () => {
  expect(schemaProblems(store.config, { kind: 'folder', folder: 'exports' })).toMatchObject([{ pointer: '/folder' }]);
});

test('“Test connection” writes, reads and removes an object', async () => {
  const { config, probe } = await setup();
  expect(await probe()).toEqual({ ok: true, message: 'An object was written, read and removed.' });
  expect(await readdir(config.folder)).toEqual(['.incoming']);
});

test('R-D2 a store that is down fails as transient and takes the object when it is back', async () => {
  const { sandbox, keep, probe } = await setup();
  await keep('before.json');
  await sandbox.act({ act: 'down' });
  expect(await keep('later.json')).toMatchObject({ error: { code: 'STORE_UNAVAILABLE', category: 'transient' } });
  expect(await probe()).toMatchObject({ ok: false, message: 'The object store could not be used (ENOTDIR).' });
  await sandbox.act({ act: 'up' });
  await keep('later.json');
  expect(await sandbox.state()).toEqual({
    objects: { 'before.json': { of: 'before.json' }, 'later.json': { of: 'later.json' } },
  });
});

test.runIf(process.platform === 'linux')('a folder that cannot be made fails the test of the connection', async () => {
  const config = store.fromText('/proc/millrace/objects');
  expect(await store.probe(config, new AbortController().signal)).toMatchObject({ ok: false });
});

test('the sandbox refuses an act that it does not know', async () => {
  const { sandbox } = await setup();
  await expect(async () => sandbox.act({ act: 'explode' })).rejects.toMatchObject({ code: 'SANDBOX_ACT_UNKNOWN' });
});
