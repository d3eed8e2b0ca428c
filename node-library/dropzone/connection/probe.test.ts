import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { folderPlace, type Place, sftpConfig, skipNote, waysToReach } from '@millrace/file-exchange/places.fixture';
import { type OpenSsh, opensshMissing, startOpenSsh } from '@millrace/testing/openssh';
import { openNetwork } from '@millrace/testing/run-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dropzone } from './connection.ts';

const { signal } = new AbortController();

for (const { way, missing, reach } of waysToReach) {
  describe.skipIf(missing)(`by ${way}`, () => {
    let place: Place;
    beforeEach(async () => {
      place = await reach();
    });
    afterEach(() => place.stop());

    test('the test of a connection that works says where orders go, and leaves nothing behind', async () => {
      const { config, root } = place;
      await mkdir(join(root, 'out'));
      const result = await dropzone.probe(config, signal, openNetwork);
      expect(result).toEqual({ ok: true, message: expect.stringContaining(join(root, 'out')) });
      expect(await readdir(join(root, 'out'))).toEqual([]);
    });

    test('a missing folder is named', async () => {
      const { config, root } = place;
      const result = await dropzone.probe({ ...config, path: join(root, 'nowhere') }, signal, openNetwork);
      expect(result).toMatchObject({ ok: false, message: `${join(root, 'nowhere')} is missing, or is no folder.` });
    });
  });
}

const isRoot = process.getuid?.() === 0;
test.skipIf(isRoot)(
  `a folder that may not be written to is told${isRoot ? ' (skipped: root may write everywhere)' : ''}`,
  async () => {
    const { root, stop } = await folderPlace();
    await mkdir(join(root, 'shut'), { mode: 0o500 });
    const result = await dropzone.probe({ kind: 'folder', path: join(root, 'shut') }, signal, openNetwork);
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining('permission denied') });
    await stop();
  },
);

describe.skipIf(opensshMissing())(`an SFTP connection that does not work${skipNote(opensshMissing())}`, () => {
  let server: OpenSsh;
  beforeAll(async () => {
    server = await startOpenSsh();
  });
  afterAll(() => server.stop());

  test('a wrong login is told with the user name', async () => {
    const result = await dropzone.probe({ ...sftpConfig(server), username: 'somebody-else' }, signal, openNetwork);
    expect(result).toMatchObject({
      ok: false,
      message: expect.stringContaining('refused the login of “somebody-else”'),
    });
  });

  test('a private key that is none is told without repeating it', async () => {
    const result = await dropzone.probe({ ...sftpConfig(server), privateKey: 'canary' }, signal, openNetwork);
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining('private key cannot be used') });
    expect(result.message).not.toContain('canary');
  });

  test('R-D3 a changed host key is refused, and both fingerprints are shown', async () => {
    const before = sftpConfig(server);
    await server.rotateHostKey();
    const result = await dropzone.probe(before, signal, openNetwork);
    const words = `The server's host key is ${server.hostKeyFingerprint}, but the connection pins ${before.hostKey}; `;
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining(words) });
  });

  test('a server that is down is told with its address, and is reached once it is up', async () => {
    const config = sftpConfig(server);
    await server.kill();
    const down = await dropzone.probe(config, signal, openNetwork);
    expect(down).toMatchObject({
      ok: false,
      message: expect.stringContaining(`${server.host}:${server.port} cannot be reached`),
    });
    await server.start();
    expect(await dropzone.probe(config, signal, openNetwork)).toMatchObject({ ok: true });
  });
});
