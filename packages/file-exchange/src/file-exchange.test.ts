import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contentOf, measured, readStart } from './content.ts';
import type { FileExchange } from './file-exchange.ts';
import { withFileExchange } from './open.ts';
import { type Place, waysToReach } from './places.fixture.ts';
import { spelledPath } from './twin.ts';

const { signal } = new AbortController();

for (const { way, missing, reach } of waysToReach) {
  describe.skipIf(missing)(`by ${way}`, () => {
    let place: Place;
    beforeEach(async () => {
      place = await reach();
    });
    afterEach(() => place.stop());

    const using = <T>(work: (exchange: FileExchange) => Promise<T>) => withFileExchange(place.config, { signal }, work);
    const at = (name: string) => join(place.root, name);
    const put = (name: string, text: string, ifExists: 'replace' | 'refuse' = 'replace') =>
      using((exchange) => exchange.write(name, '.temporary.tmp', contentOf(Buffer.from(text)), ifExists));
    const read = (name: string) =>
      using(async (exchange) => (await readStart(exchange, name, 1_000_000)).bytes.toString());

    test.each(['../x', 'a/../../x', '/etc/passwd', '..\\x', 'a\\b', 'a\u0000b', 'a//b', './x', '..'])(
      'R-D3 the path %j is refused by every operation (52, 53, 55)',
      async (path) => {
        const operations: ((exchange: FileExchange) => Promise<unknown>)[] = [
          (exchange) => exchange.list(path),
          (exchange) => exchange.look(path),
          (exchange) => readStart(exchange, path, 1),
          (exchange) => exchange.write(path, '.t.tmp', contentOf(Buffer.from('x')), 'replace'),
          (exchange) => exchange.write('fine', path, contentOf(Buffer.from('x')), 'replace'),
          (exchange) => exchange.rename(path, 'fine'),
          (exchange) => exchange.rename('fine', path),
          (exchange) => exchange.move(path, 'fine'),
          (exchange) => exchange.move('fine', path),
          (exchange) => exchange.remove(path),
          (exchange) => exchange.ensureFolder(path),
        ];
        await writeFile(at('fine'), 'fine');
        for (const operation of operations) {
          await expect(using(operation), operation.toString()).rejects.toMatchObject({ code: 'INVALID_FILE_NAME' });
        }
        expect(await readdir(place.root)).toEqual(['fine']);
      },
    );

    test('R-D3 percent-encoded separators are characters like any other (52)', async () => {
      await put('..%2fx%5c', 'x');
      expect(await readdir(place.root)).toEqual(['..%2fx%5c']);
    });

    test('R-D3 folders that are links are not entered (54)', async () => {
      await mkdir(at('outside'));
      await writeFile(at('outside/secret'), 'secret');
      await symlink(at('outside'), at('sub'));
      await writeFile(at('mine'), 'mine');
      expect(await using((exchange) => exchange.list('sub'))).toBeUndefined();
      expect(await using((exchange) => exchange.look('sub/secret'))).toBeUndefined();
      const folderMissing = { code: 'FOLDER_MISSING' };
      await expect(read('sub/secret')).rejects.toMatchObject(folderMissing);
      await expect(put('sub/new', 'x')).rejects.toMatchObject(folderMissing);
      await expect(using((exchange) => exchange.move('mine', 'sub/mine'))).rejects.toMatchObject(folderMissing);
      await expect(using((exchange) => exchange.rename('sub/secret', 'got'))).rejects.toMatchObject(folderMissing);
      await expect(using((exchange) => exchange.ensureFolder('sub/new'))).rejects.toMatchObject(folderMissing);
      await using((exchange) => exchange.remove('sub/secret'));
      expect(await readdir(at('outside'))).toEqual(['secret']);
    });

    test('R-D3 what is no file is neither read nor replaced, and nothing hangs on a pipe (54, 60)', async () => {
      await mkdir(at('folder'));
      await writeFile(at('secret'), 'secret');
      await symlink(at('secret'), at('link'));
      execFileSync('mkfifo', [at('pipe')]);
      for (const name of ['folder', 'link', 'pipe']) {
        await expect(read(name), name).rejects.toMatchObject({ code: 'NOT_A_FILE' });
        await expect(put(name, 'x'), name).rejects.toMatchObject({ code: 'NOT_A_FILE' });
        await expect(put(name, 'x', 'refuse'), name).rejects.toMatchObject({ code: 'FILE_EXISTS' });
      }
      expect(await readFile(at('secret'), 'utf8')).toBe('secret');
      expect((await readdir(place.root)).sort()).toEqual(['folder', 'link', 'pipe', 'secret']);
    });

    test('R-D3 a file that is still being written is not read as whole (58)', async () => {
      await writeFile(at('growing'), Buffer.alloc(3_000_000));
      const reading = using(async (exchange) => {
        for await (const _chunk of exchange.stream('growing')) await appendFile(at('growing'), 'x');
      });
      await expect(reading).rejects.toMatchObject({ code: 'FILE_CHANGED', category: 'transient' });
    });

    test('R-D3 a rename onto a file that is there is refused or replaces it, as asked (67)', async () => {
      await writeFile(at('new'), 'new');
      await writeFile(at('old'), 'old');
      await expect(using((exchange) => exchange.move('new', 'old'))).rejects.toMatchObject({ code: 'FILE_EXISTS' });
      await expect(put('old', 'x', 'refuse')).rejects.toMatchObject({ code: 'FILE_EXISTS' });
      expect(await readFile(at('old'), 'utf8')).toBe('old');
      await using((exchange) => exchange.rename('new', 'old'));
      expect(await readFile(at('old'), 'utf8')).toBe('new');
      expect(await readdir(place.root)).toEqual(['old']);
    });

    test('R-D3 of several that take one file away, one gets it and the others miss it', async () => {
      await writeFile(at('file'), 'x');
      const takers = Array.from({ length: 8 }, (_, number) =>
        using((exchange) => exchange.rename('file', `taken-${number}`)),
      );
      const outcomes = await Promise.allSettled(takers);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const missed = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
      expect(new Set(missed)).toEqual(new Set(['FILE_MISSING']));
      expect(await readdir(place.root)).toHaveLength(1);
    });

    test('R-D3 of several that write one name anew, one does', async () => {
      const writers = Array.from({ length: 6 }, (_, number) =>
        using((exchange) => exchange.write('one', `.t${number}.tmp`, contentOf(Buffer.from('x')), 'refuse')),
      );
      const outcomes = await Promise.allSettled(writers);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await readdir(place.root)).toEqual(['one']);
    });

    test('R-D3 a large file passes through in pieces, both ways, byte for byte (61)', async () => {
      await writeFile(at('large'), '');
      await truncate(at('large'), 60_000_000);
      await appendFile(at('large'), 'end');
      const { content, result } = await using(async (exchange) => {
        const passing = measured(exchange.stream('large'));
        await exchange.write('copy', '.copy.tmp', passing.content, 'refuse');
        return passing;
      });
      expect(content).toBeDefined();
      expect(result().size).toBe(60_000_003);
      expect((await stat(at('copy'))).size).toBe(60_000_003);
      const copy = await readFile(at('copy'));
      expect(createHash('sha256').update(copy).digest('hex')).toBe(result().sha256);
    });

    test('R-D3 content that breaks off leaves neither the final nor a temporary name', async () => {
      async function* broken() {
        yield Buffer.alloc(100_000);
        throw new Error('the source broke off');
      }
      const writing = using((exchange) => exchange.write('a', '.a.tmp', broken(), 'replace'));
      await expect(writing).rejects.toThrow('broke off');
      expect(await readdir(place.root)).toEqual([]);
    });

    test('R-D3 a name in two Unicode spellings is found under the one that is there (57)', async () => {
      const composed = '\u00f6l.json';
      const decomposed = 'o\u0308l.json';
      expect(await using((exchange) => spelledPath(exchange, '', composed))).toBe(composed);
      await writeFile(at(decomposed), 'x');
      expect(await using((exchange) => spelledPath(exchange, '', composed))).toBe(decomposed);
    });

    test('folders are made on the way, also by several at once; a missing shared folder is not made', async () => {
      await Promise.all(Array.from({ length: 4 }, () => using((exchange) => exchange.ensureFolder('a/b/c'))));
      expect((await stat(at('a/b/c'))).isDirectory()).toBe(true);
      await rename(place.root, `${place.root}.away`);
      const folderMissing = { code: 'FOLDER_MISSING', category: 'transient' };
      await expect(using((exchange) => exchange.ensureFolder('a'))).rejects.toMatchObject(folderMissing);
      await expect(put('x', 'x')).rejects.toMatchObject(folderMissing);
      await rename(`${place.root}.away`, place.root);
      await rm(at('a'), { recursive: true });
    });
  });
}
