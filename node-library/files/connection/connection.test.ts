import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Json, MillraceError } from '@millrace/contract';
import type { ExchangeConfig } from '@millrace/file-exchange';
import { openNetwork } from '@millrace/testing/run-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderOrSftp } from './connection.ts';
import { filesSandbox } from './sandbox.ts';

const { signal } = new AbortController();
let folder: string;
let sandbox: Awaited<ReturnType<typeof filesSandbox>>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-files-'));
  sandbox = await filesSandbox({ folder });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('“Test connection” writes and removes a hidden file, and says which folder it is', async () => {
  const config = sandbox.config as ExchangeConfig;
  expect(await folderOrSftp.probe(config, signal, openNetwork)).toEqual({
    ok: true,
    message: expect.stringContaining(config.path),
  });
  expect(await readdir(config.path)).toEqual(['samples']);
  await sandbox.act({ down: true });
  expect(await folderOrSftp.probe(config, signal, openNetwork)).toMatchObject({
    ok: false,
    message: expect.stringContaining('is missing'),
  });
  await sandbox.act({ down: false });
});

test('the sandbox puts and removes files and shows the text of each', async () => {
  await sandbox.act({ put: { name: 'inbox/a.csv', text: 'a;b\n' } });
  await sandbox.act({ put: { name: 'b.json', body: { total: 1 } } });
  await sandbox.act({ remove: 'samples/stock.csv' });
  expect(await sandbox.state()).toEqual({ 'inbox/a.csv': 'a;b\n', 'b.json': '{\n  "total": 1\n}' });
});

test.each<[Json, string]>([
  [{ dance: true }, 'UNKNOWN_ACT'],
  [{ down: 'yes' }, 'UNKNOWN_ACT'],
  [{ put: { name: '../x', text: '' } }, 'INVALID_FILE_NAME'],
  [{ remove: '../x' }, 'INVALID_FILE_NAME'],
])('the sandbox refuses %j with %s', async (act, code) => {
  await expect(sandbox.act(act)).rejects.toMatchObject({ code });
});

test('a connection from one line of text has no option of the dropzone', () => {
  expect(folderOrSftp.fromText('/srv/files')).toEqual({ kind: 'folder', path: '/srv/files' });
  const hostKey = 'SHA256:uNiVztksCsDhcc0u9e8BrJwmXWFlfzQLlmbxGjXkiyk';
  expect(() => folderOrSftp.fromText(`sftp://u@h/in?hostKey=${hostKey}&outFolder=x`)).toThrow(MillraceError);
});
