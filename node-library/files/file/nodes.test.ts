import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobRef, Json, NodeContext, NodeSpec } from '@millrace/contract';
import { type Place, waysToReach } from '@millrace/file-exchange/places.fixture';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { connectionTo, runNode } from '@millrace/testing/run-node';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { deleteFile } from '../delete/node.ts';
import { get } from '../get/node.ts';
import { list } from '../list/node.ts';
import { move } from '../move/node.ts';

for (const { way, missing, reach } of waysToReach) {
  describe.skipIf(missing)(`by ${way}`, () => {
    let place: Place;
    beforeEach(async () => {
      place = await reach();
    });
    afterEach(() => place.stop());

    // biome-ignore lint/suspicious/noExplicitAny: nodes of different config types, which are contravariant
    const run = (node: NodeSpec<any, any>, config: Json, overrides: Partial<NodeContext> = {}) =>
      runNode(node, {}, config, { connection: connectionTo(place.config), ...overrides });
    const lay = (name: string, content: string | Buffer) => writeFile(join(place.root, name), content);

    test('get: a file as text, as JSON and by reference', async () => {
      const blobs = memoryBlobs();
      await lay('a.json', '{"total": 9007199254740993}');
      expect(await run(get, { name: 'a.json', as: 'text' })).toMatchObject({
        data: { size: 27, text: '{"total": 9007199254740993}' },
      });
      expect(JSON.stringify(await run(get, { name: 'a.json', as: 'json' }))).toContain(
        '"data":{"total":9007199254740993}',
      );
      const result = await run(get, { name: 'a.json' }, { blobs });
      const { file, sha256 } = (result as unknown as { data: { file: BlobRef; sha256: string } }).data;
      expect(file).toMatchObject({ name: 'a.json', mediaType: 'application/json', bytes: 27, sha256 });
    });

    test('get: large JSON is read aside, with every digit, and with what is wrong in it', async () => {
      const started = vi.fn<() => void>();
      process.on('worker', started);
      onTestFinished(() => void process.off('worker', started));
      const item = '{"sku": "A-1", "price": 0.10000000000000000001}';
      const lines = Array(30_000).fill(item).join();
      await lay('large.json', `[${lines}]`);
      await lay('broken.json', `[${lines}`);
      const large = { as: 'json', largest: 2_000_000 };
      const read = await run(get, { name: 'large.json', ...large });
      expect(JSON.stringify(read)).toContain('"price":0.10000000000000000001');
      const error = { code: 'FILE_NOT_JSON' };
      expect(await run(get, { name: 'broken.json', ...large })).toMatchObject({ error });
      expect(started).toHaveBeenCalledTimes(2);
    });

    test('get: what cannot be read is told apart', async () => {
      await lay('large.txt', '');
      await truncate(join(place.root, 'large.txt'), 5 * 1024 ** 3);
      await lay('aim.txt', 'aim');
      await lay('no.json', '{');
      await lay('no.txt', Buffer.from([0xff]));
      await symlink(join(place.root, 'aim.txt'), join(place.root, 'link.txt'));
      await mkdir(join(place.root, 'folder'));
      execFileSync('mkfifo', [join(place.root, 'pipe')]);
      const codes: Record<string, string> = {
        'large.txt': 'FILE_TOO_LARGE',
        'no.json': 'FILE_NOT_JSON',
        'no.txt': 'FILE_NOT_TEXT',
        'link.txt': 'NOT_A_FILE',
        folder: 'NOT_A_FILE',
        pipe: 'NOT_A_FILE',
        nothing: 'FILE_MISSING',
      };
      for (const [name, code] of Object.entries(codes)) {
        expect(await run(get, { name, as: 'json' }), name).toMatchObject({ kind: 'fail', error: { code } });
      }
    });

    test('get: a file that a Mac named is found by its composed name', async () => {
      await lay('o\u0308l.txt', 'oil');
      expect(await run(get, { name: '\u00f6l.txt', as: 'text' })).toMatchObject({ data: { text: 'oil' } });
    });

    test('list: visible files by name, as many as asked for', async () => {
      for (const name of ['b.csv', 'A.CSV', '.hidden.csv', 'c.txt']) await lay(name, name);
      await mkdir(join(place.root, 'folder.csv'));
      await symlink('b.csv', join(place.root, 'link.csv'));
      const named = (names: string[]) => names.map((name) => expect.objectContaining({ name, size: 5 }));
      expect(await run(list, { pattern: '*.csv' })).toMatchObject({
        data: { files: named(['A.CSV', 'b.csv']), more: false },
      });
      expect(await run(list, { most: 1 })).toMatchObject({ data: { files: named(['A.CSV']), more: true } });
    });

    test('list, get, move and delete do not follow a folder that is a link', async () => {
      await mkdir(join(place.root, 'outside'));
      await lay('outside/secret.txt', 'secret');
      await symlink(join(place.root, 'outside'), join(place.root, 'sub'));
      const config = { folder: 'sub', name: 'secret.txt' };
      expect(await run(list, { folder: 'sub' })).toMatchObject({ error: { code: 'FOLDER_MISSING' } });
      expect(await run(get, config)).toMatchObject({ error: { code: 'FILE_MISSING' } });
      expect(await run(move, { ...config, toFolder: 'mine' })).toMatchObject({ error: { code: 'FILE_MISSING' } });
      expect(await run(deleteFile, config)).toMatchObject({ data: { deleted: false } });
      expect(await readdir(join(place.root, 'outside'))).toEqual(['secret.txt']);
    });

    test('move: once, and again counts as done', async () => {
      await lay('a.txt', 'a');
      const config = { name: 'a.txt', toFolder: 'done/2026', toName: 'b.txt' };
      const path = join(place.root, 'done/2026/b.txt');
      expect(await run(move, config)).toMatchObject({ data: { path, alreadyMoved: false } });
      expect(await run(move, config)).toMatchObject({ data: { path, alreadyMoved: true } });
      expect(await readFile(path, 'utf8')).toBe('a');
      expect(await readdir(place.root)).toEqual(['done']);
    });

    test('move: a file under the new name is refused, kept beside or replaced', async () => {
      const again = async (ifExists: string) => {
        await lay('a.txt', 'new');
        return run(move, { name: 'a.txt', toName: 'b.txt', ifExists });
      };
      await lay('b.txt', 'old');
      expect(await again('refuse')).toMatchObject({ error: { code: 'FILE_EXISTS' } });
      expect(await readFile(join(place.root, 'b.txt'), 'utf8')).toBe('old');
      expect(await again('number')).toMatchObject({ data: { path: join(place.root, 'b.1.txt') } });
      expect(await again('replace')).toMatchObject({ data: { path: join(place.root, 'b.txt') } });
      expect(await readFile(join(place.root, 'b.txt'), 'utf8')).toBe('new');
    });

    test('move and delete: what is no file is refused', async () => {
      await mkdir(join(place.root, 'folder'));
      expect(await run(move, { name: 'folder', toName: 'x' })).toMatchObject({ error: { code: 'NOT_A_FILE' } });
      expect(await run(deleteFile, { name: 'folder' })).toMatchObject({ error: { code: 'NOT_A_FILE' } });
      expect(await run(move, { name: '../a', toName: 'x' })).toMatchObject({ error: { pointer: '/name' } });
      expect(await run(move, { name: 'a', toFolder: '..' })).toMatchObject({ error: { pointer: '/toFolder' } });
    });

    test('delete: once, and again counts as done', async () => {
      await lay('a.txt', 'a');
      expect(await run(deleteFile, { name: 'a.txt' })).toMatchObject({ data: { deleted: true } });
      expect(await run(deleteFile, { name: 'a.txt' })).toMatchObject({ data: { deleted: false } });
      expect(await readdir(place.root)).toEqual([]);
    });
  });
}
