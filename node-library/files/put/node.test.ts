import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json, NodeContext } from '@millrace/contract';
import type { ExchangeConfig } from '@millrace/file-exchange';
import { folderPlace, type Place, waysToReach } from '@millrace/file-exchange/places.fixture';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { connectionTo, runNode } from '@millrace/testing/run-node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { put } from './node.ts';

type Config = Parameters<typeof put.run>[1];

function write(place: Place, config: Config, input: Json = {}, overrides: Partial<NodeContext<ExchangeConfig>> = {}) {
  return runNode(put, input, config, { connection: connectionTo(place.config), ...overrides });
}

for (const { way, missing, reach } of waysToReach) {
  describe.skipIf(missing)(`by ${way}`, () => {
    let place: Place;
    beforeEach(async () => {
      place = await reach();
    });
    afterEach(() => place.stop());
    const read = (name: string) => readFile(join(place.root, name), 'utf8');

    test('R-X2 a text is written as it is, data as JSON with exact numbers, into a folder that is made', async () => {
      const text = await write(place, { folder: 'out/2026', name: 'a.csv', content: 'a;b\n' });
      const sha256 = createHash('sha256').update('a;b\n').digest('hex');
      const path = join(place.root, 'out/2026/a.csv');
      expect(text).toEqual({
        kind: 'emit',
        port: 'out',
        data: { path, name: 'a.csv', size: 4, sha256, alreadyWritten: false },
      });
      await write(place, { name: 'b.json' }, { total: 12.5 });
      expect(await read('out/2026/a.csv')).toBe('a;b\n');
      expect(await read('b.json')).toBe('{\n  "total": 12.5\n}\n');
      expect((await readdir(place.root)).sort()).toEqual(['b.json', 'out']);
    });

    test('R-X2 a file by reference is written byte for byte', async () => {
      const blobs = memoryBlobs();
      const bytes = Buffer.alloc(300_000, 'äöü');
      const file = await blobs.write(
        (async function* () {
          yield bytes;
        })(),
        { name: 'x', mediaType: 'text/plain' },
      );
      await write(place, { name: 'a.bin', content: { ...file } }, {}, { blobs });
      expect((await readFile(join(place.root, 'a.bin'))).equals(bytes)).toBe(true);
    });

    test('replace, refuse and number: what becomes of a file that is there', async () => {
      await writeFile(join(place.root, 'a.txt'), 'old');
      const refused = await write(place, { name: 'a.txt', content: 'new', ifExists: 'refuse' });
      expect(refused).toMatchObject({ kind: 'fail', error: { code: 'FILE_EXISTS', category: 'validation' } });
      expect(await read('a.txt')).toBe('old');
      for (const number of [1, 2]) {
        const numbered = await write(place, { name: 'a.txt', content: 'new', ifExists: 'number' });
        expect(numbered).toMatchObject({ data: { name: `a.${number}.txt` } });
      }
      expect(await read('a.txt')).toBe('old');
      await write(place, { name: 'a.txt', content: 'new' });
      expect(await read('a.txt')).toBe('new');
      expect((await readdir(place.root)).sort()).toEqual(['a.1.txt', 'a.2.txt', 'a.txt']);
    });

    test.each(['refuse', 'number'] as const)(
      'with %s, a retry of what was written writes no second file',
      async (ifExists) => {
        const now = new Date(Date.now() - 10_000);
        const config = { name: 'a.txt', content: 'new', ifExists };
        await writeFile(join(place.root, 'b.txt'), 'other');
        await write(place, config, {}, { now });
        const again = await write(place, config, {}, { now, repeated: true, attempt: 2 });
        expect(again).toMatchObject({ port: 'out', data: { name: 'a.txt', size: 3, alreadyWritten: true } });
        expect((await readdir(place.root)).sort()).toEqual(['a.txt', 'b.txt']);
      },
    );

    test('with refuse, a retry still refuses a file of other content', async () => {
      await writeFile(join(place.root, 'a.txt'), 'old');
      const config = { name: 'a.txt', content: 'new', ifExists: 'refuse' as const };
      expect(await write(place, config, {}, { repeated: true })).toMatchObject({ error: { code: 'FILE_EXISTS' } });
    });

    test('what is no file is never replaced', async () => {
      await mkdir(join(place.root, 'folder.txt'));
      await writeFile(join(place.root, 'aim.txt'), 'aim');
      await symlink('aim.txt', join(place.root, 'link.txt'));
      execFileSync('mkfifo', [join(place.root, 'pipe.txt')]);
      for (const name of ['folder.txt', 'link.txt', 'pipe.txt']) {
        expect(await write(place, { name, content: 'new' }), name).toMatchObject({ error: { code: 'NOT_A_FILE' } });
      }
      expect(await read('aim.txt')).toBe('aim');
      expect((await readdir(place.root)).sort()).toEqual(['aim.txt', 'folder.txt', 'link.txt', 'pipe.txt']);
    });

    test('a file by reference that is not in the store leaves nothing behind', async () => {
      const file = { blob: `blob_${'0'.repeat(32)}`, name: 'x', mediaType: 'text/plain', bytes: 1, sha256: '' };
      expect(await write(place, { name: 'a.txt', content: file })).toMatchObject({ error: { code: 'BLOB_MISSING' } });
      expect(await readdir(place.root)).toEqual([]);
    });

    test('the spelling of a name that is there already is kept: no twin', async () => {
      await writeFile(join(place.root, 'o\u0308l.txt'), 'old');
      await write(place, { name: '\u00f6l.txt', content: 'new' });
      expect(await readdir(place.root)).toEqual(['o\u0308l.txt']);
      expect(await read('o\u0308l.txt')).toBe('new');
    });

    test.each([
      [{ folder: '../x', name: 'a' }, '/folder'],
      [{ folder: '/etc', name: 'a' }, '/folder'],
      [{ folder: 'a//b', name: 'a' }, '/folder'],
      [{ name: '..\\a' }, '/name'],
      [{ name: 'a\u0000' }, '/name'],
    ])('%j is refused at %s', async (config, pointer) => {
      expect(await write(place, config)).toMatchObject({ error: { code: 'INVALID_FILE_NAME', pointer } });
      expect(await readdir(place.root)).toEqual([]);
    });

    test('a cancelled step writes nothing', async () => {
      const cancelled = await write(place, { name: 'a.txt', content: 'new' }, {}, { signal: AbortSignal.abort() });
      expect(cancelled).toMatchObject({ error: { category: 'cancelled' } });
      expect(await readdir(place.root)).toEqual([]);
    });
  });
}

test('with number, an equal file of somebody else from before the step is not taken for its own', async () => {
  const place = await folderPlace();
  await writeFile(join(place.root, 'a.txt'), 'same');
  const now = new Date(Date.now() + 60_000);
  const config = { name: 'a.txt', content: 'same', ifExists: 'number' as const };
  expect(await write(place, config, {}, { now, repeated: true })).toMatchObject({ data: { name: 'a.1.txt' } });
  await place.stop();
});
