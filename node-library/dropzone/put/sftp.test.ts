import { watch } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '@millrace/contract';
import { sftpConfig, skipNote } from '@millrace/file-exchange/places.fixture';
import { type OpenSsh, type OpenSshOptions, opensshMissing, startOpenSsh } from '@millrace/testing/openssh';
import { connectionTo, runNode } from '@millrace/testing/run-node';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DropzoneConfig } from '../connection/config.ts';
import { put } from './node.ts';

const fileName = 'sales_order_4711_20251227T100000Z.json';
const order = { draft_order_id: '4711' };
/** Large enough that its upload takes hundreds of requests. */
const largeOrder = { ...order, notes: 'x'.repeat(16_000_000) };

async function start(options?: OpenSshOptions): Promise<OpenSsh> {
  const server = await startOpenSsh(options);
  onTestFinished(() => server.stop());
  return server;
}

function deliver(
  config: DropzoneConfig,
  input = order,
  repeated = false,
  signal = new AbortController().signal,
): Promise<Result> {
  return runNode(put, input, { fileName }, { connection: connectionTo(config), repeated, signal });
}

/** Resolves when the temporary file appears, that is in mid-upload. */
function uploadBegun({ root }: OpenSsh): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(root, (_event, name) => {
      if (!name?.endsWith('.tmp')) return;
      watcher.close();
      resolve();
    });
  });
}

describe.skipIf(opensshMissing())(`by SFTP${skipNote(opensshMissing())}`, () => {
  test('R-D3 a server killed in mid-upload leaves no final name, and the retry delivers one whole file', async () => {
    const server = await start();
    const begun = uploadBegun(server);
    const delivery = deliver(sftpConfig(server), largeOrder);
    await begun;
    await server.kill();
    expect(await delivery).toMatchObject({
      kind: 'fail',
      error: { code: 'DROPZONE_UNREACHABLE', category: 'transient' },
    });
    const left = await readdir(server.root);
    expect(left).toHaveLength(1);
    expect(left).not.toContain(fileName);
    await server.start();
    expect(await deliver(sftpConfig(server), largeOrder, true)).toMatchObject({ port: 'out' });
    expect(await readdir(server.root)).toEqual([fileName]);
    expect(JSON.parse(await readFile(join(server.root, fileName), 'utf8'))).toEqual(largeOrder);
  });

  test('R-D3 a server killed after the rename: the retry still leaves one file', async () => {
    const server = await start();
    await deliver(sftpConfig(server));
    await server.kill();
    expect(await deliver(sftpConfig(server), order, true)).toMatchObject({ error: { category: 'transient' } });
    await server.start();
    expect(await deliver(sftpConfig(server), order, true)).toMatchObject({ port: 'out' });
    expect(await readdir(server.root)).toEqual([fileName]);
  });

  test('R-D3 a step cancelled in mid-upload leaves nothing behind', async () => {
    const server = await start();
    const stopping = new AbortController();
    const begun = uploadBegun(server);
    const delivery = deliver(sftpConfig(server), largeOrder, false, stopping.signal);
    await begun;
    stopping.abort();
    expect(await delivery).toMatchObject({ kind: 'fail', error: { category: 'cancelled' } });
    expect(await readdir(server.root)).toEqual([]);
  });

  test('R-D3 nothing is sent to a server whose host key changed', async () => {
    const server = await start();
    const pinned = sftpConfig(server);
    await server.rotateHostKey();
    const changed = { kind: 'fail', error: { code: 'HOST_KEY_CHANGED', category: 'auth', pointer: '/hostKey' } };
    expect(await deliver(pinned)).toMatchObject(changed);
    expect(await readdir(server.root)).toEqual([]);
  });

  test('R-D3 a refused login and a refused connection are told apart', async () => {
    const server = await start();
    const config = sftpConfig(server);
    expect(await deliver({ ...config, username: 'somebody-else' })).toMatchObject({
      error: { code: 'LOGIN_REFUSED', category: 'auth' },
    });
    await server.kill();
    const refused = {
      code: 'DROPZONE_UNREACHABLE',
      category: 'transient',
      message: expect.stringContaining('refused the connection'),
    };
    expect(await deliver(config)).toMatchObject({ error: refused });
  });

  test('R-D3 where the server denies atomic replacing, a repeat still replaces the unread file', async () => {
    const server = await start({ sftpArguments: ['-P', 'posix-rename'] });
    const config = sftpConfig(server);
    await deliver(config);
    expect(await deliver(config, { draft_order_id: 'again' }, true)).toMatchObject({ port: 'out' });
    expect(await readFile(join(server.root, fileName), 'utf8')).toContain('again');
    expect(await readdir(server.root)).toEqual([fileName]);
  });

  test('R-D3 deliveries at once share one connection and are all made', async () => {
    const server = await start();
    const names = Array.from({ length: 20 }, (_, number) => `sales_order_${number}_20251227T100000Z.json`);
    const connection = connectionTo<DropzoneConfig>(sftpConfig(server));
    await Promise.all(names.map((name) => runNode(put, order, { fileName: name }, { connection })));
    expect((await readdir(server.root)).sort()).toEqual(names.sort());
  });

  test('R-D3 a user without the right to write is an auth error', async () => {
    // Root may write everywhere, so the server itself must refuse.
    const server = await start({ sftpArguments: ['-R'] });
    expect(await deliver(sftpConfig(server))).toMatchObject({ error: { code: 'PERMISSION_DENIED', category: 'auth' } });
  });
});
