import { execFileSync } from 'node:child_process';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Arrival, type BlobRef, MillraceError } from '@millrace/contract';
import { type Place, waysToReach } from '@millrace/file-exchange/places.fixture';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { watch } from './trigger.ts';
import { lay, watched } from './watch.fixture.ts';

for (const { way, missing, reach } of waysToReach) {
  describe.skipIf(missing)(`by ${way}`, () => {
    let place: Place;
    beforeEach(async () => {
      place = await reach();
    });
    afterEach(() => place.stop());

    test('R-X2 a file that lies still starts one run, with its content by reference, and is archived', async () => {
      const { poll, payloads, blobs, files } = watched(place, { folder: 'inbox' });
      await lay(place, 'inbox/stock.csv', 'sku;quantity\n');
      await poll();
      expect(payloads()).toEqual([]);
      await poll();
      await poll();
      expect(payloads()).toMatchObject([
        { name: 'stock.csv', size: 13, file: { name: 'stock.csv', mediaType: 'text/csv' } },
      ]);
      const [{ file }] = payloads() as unknown as [{ file: BlobRef }];
      const chunks: Uint8Array[] = [];
      for await (const chunk of blobs.read(file)) chunks.push(chunk);
      expect(Buffer.concat(chunks).toString()).toBe('sku;quantity\n');
      expect(await files()).toEqual(['inbox/archive/stock.csv']);
    });

    test('R-X2 as text and as JSON, with exact numbers', async () => {
      const text = watched(place, { pattern: '*.txt', as: 'text' });
      const json = watched(place, { pattern: '*.json', as: 'json' });
      await lay(place, 'a.txt', '\ufeffgr\u00fc\u00df dich');
      await lay(place, 'b.json', '{"total": 9007199254740993}');
      await text.settle();
      await json.settle();
      expect(text.payloads()).toMatchObject([{ name: 'a.txt', text: 'gr\u00fc\u00df dich' }]);
      expect(JSON.stringify(json.payloads())).toContain('"total":9007199254740993');
    });

    test('a file still being written is left alone until it looks the same twice', async () => {
      const { poll, payloads } = watched(place, { as: 'text' });
      await lay(place, 'a.txt', 'one', 30);
      await poll();
      await lay(place, 'a.txt', 'one two', 20);
      await poll();
      await lay(place, 'a.txt', 'one two three', 10);
      await poll();
      expect(payloads()).toEqual([]);
      await poll();
      expect(payloads()).toMatchObject([{ text: 'one two three' }]);
    });

    test('the same name with new content is a new run, and both files are kept', async () => {
      const { settle, payloads, files } = watched(place, { as: 'text' });
      await lay(place, 'a.txt', 'old', 60);
      await settle();
      await lay(place, 'a.txt', 'new', 60);
      await settle();
      expect(payloads()).toMatchObject([{ text: 'old' }, { text: 'new' }]);
      expect(await files()).toEqual(['archive/a.1.txt', 'archive/a.txt']);
    });

    test('died between claim and accept: nothing is lost, and the file is one run', async () => {
      const { poll, payloads, files } = watched(place, { as: 'text' });
      await lay(place, 'a.txt', 'one');
      await poll();
      await expect(poll({ accept: () => Promise.reject(new Error('the process died')) })).rejects.toThrow('died');
      expect(await files()).toEqual([expect.stringMatching(/^\.millrace-processing\/[0-9a-f]{16}\.a\.txt$/)]);
      await poll();
      expect(payloads()).toMatchObject([{ name: 'a.txt', text: 'one' }]);
      expect(await files()).toEqual(['archive/a.txt']);
    });

    test('died between accept and archive: the file is accepted again as the same event, and there is one run', async () => {
      const { poll, payloads, files, accept } = watched(place, { as: 'text' });
      await lay(place, 'a.txt', 'one');
      await poll();
      const acceptAndDie = async (arrival: Arrival): Promise<never> => {
        await accept(arrival);
        throw new Error('the process died');
      };
      await expect(poll({ accept: acceptAndDie })).rejects.toThrow('died');
      expect(payloads()).toHaveLength(1);
      expect(await files('archive')).toEqual([]);
      const answers: unknown[] = [];
      const acceptAgain = (arrival: Arrival) => {
        answers.push(arrival.eventId);
        return accept(arrival);
      };
      await poll({ accept: acceptAgain });
      expect(answers).toHaveLength(1);
      expect(payloads()).toHaveLength(1);
      expect(await files()).toEqual(['archive/a.txt']);
    });

    test('two that watch the same folder at once: each file is one run and is archived once', async () => {
      const first = watched(place, { as: 'text' });
      const names = Array.from({ length: 12 }, (_, number) => `f${String(number).padStart(2, '0')}.txt`);
      for (const name of names) await lay(place, name, `content of ${name}`);
      await first.poll();
      await Promise.all([first.poll(), first.poll(), first.poll()]);
      await first.poll();
      expect(first.payloads()).toHaveLength(names.length);
      expect(await first.files()).toEqual(names.map((name) => `archive/${name}`));
    });

    test('what is no file is neither followed, read nor moved', async () => {
      const { settle, payloads, files } = watched(place, { folder: 'inbox', as: 'text' });
      await lay(place, 'secret.txt', 'secret');
      await mkdir(join(place.root, 'inbox/folder.txt'), { recursive: true });
      await symlink(join(place.root, 'secret.txt'), join(place.root, 'inbox/link.txt'));
      execFileSync('mkfifo', [join(place.root, 'inbox/pipe.txt')]);
      await settle();
      await settle();
      expect(payloads()).toEqual([]);
      expect(await files('inbox')).toEqual(['inbox/link.txt', 'inbox/pipe.txt']);
    });

    test('a link that took a claimed file’s place is not followed: it goes to error/', async () => {
      const { poll, payloads, files } = watched(place, { as: 'text' });
      await lay(place, 'elsewhere/secret.txt', 'secret');
      await mkdir(join(place.root, '.millrace-processing'));
      await symlink(
        join(place.root, 'elsewhere/secret.txt'),
        join(place.root, `.millrace-processing/${'a'.repeat(16)}.a.txt`),
      );
      await poll();
      expect(payloads()).toEqual([]);
      expect(await files()).toEqual(['elsewhere/secret.txt', 'error/a.txt', 'error/a.txt.reason.json']);
    });

    test('a file that the flow refuses goes to error/ with the reason beside it, and does not hold up the others', async () => {
      const { poll, files, log } = watched(place, { as: 'text' });
      await lay(place, 'a.txt', 'bad', 90);
      await lay(place, 'b.txt', 'good');
      await poll();
      const accept = async ({ source }: { source: string }) => {
        if (source === 'a.txt') throw new MillraceError('ORDER_INVALID', 'The order has no lines.');
        return { run: 'run-1', duplicate: false };
      };
      await poll({ accept });
      expect(await files()).toEqual(['archive/b.txt', 'error/a.txt', 'error/a.txt.reason.json']);
      expect(JSON.parse(await readFile(join(place.root, 'error/a.txt.reason.json'), 'utf8'))).toMatchObject({
        file: 'a.txt',
        error: { code: 'ORDER_INVALID', message: 'The order has no lines.' },
      });
      expect(log).toEqual(['A file was refused: The order has no lines.']);
    });

    test.each([
      ['large.json', 'x'.repeat(101), 'FILE_TOO_LARGE'],
      ['half.json', '{"half":', 'FILE_NOT_JSON'],
      ['zero.json', '"a\\u0000b"', 'FILE_NOT_JSON'],
      ['latin.json', Buffer.from([0x22, 0xe4, 0x22]), 'FILE_NOT_TEXT'],
      ['trailing.', '{}', 'INVALID_FILE_NAME'],
      ['CON.json', '{}', 'INVALID_FILE_NAME'],
    ])('%s goes to error/ with the reason %s', async (name, content, code) => {
      const { settle, payloads, files } = watched(place, { as: 'json', largest: 100 });
      await lay(place, name, content);
      await settle();
      expect(payloads()).toEqual([]);
      const [kept, reason = ''] = await files('error');
      expect(kept).toBeDefined();
      expect(JSON.parse(await readFile(join(place.root, reason), 'utf8'))).toMatchObject({
        file: name,
        error: { code },
      });
    });

    test('when no run can be accepted the poll ends at once, and everything is kept', async () => {
      const { poll, payloads, files } = watched(place, { as: 'text' });
      for (const name of ['a.txt', 'b.txt', 'c.txt']) await lay(place, name, name);
      await poll();
      let asked = 0;
      const accept = async () => {
        asked++;
        throw new Error('no database');
      };
      await expect(poll({ accept })).rejects.toThrow('no database');
      expect(asked).toBe(1);
      expect(await files()).toHaveLength(3);
      await poll();
      await poll();
      expect(payloads()).toHaveLength(3);
    });

    test('a missing folder of the connection fails the poll; a missing watched folder is simply empty', async () => {
      const away = watched({ ...place, config: { ...place.config, path: join(place.root, 'away') } });
      await expect(away.poll()).rejects.toMatchObject({ code: 'FOLDER_MISSING', category: 'transient' });
      await expect(watched(place, { folder: 'not/yet' }).poll()).resolves.toBeUndefined();
    });
  });
}

test('a look is at most once a second, and a folder that leads out is refused', async () => {
  expect(watch.activation({ every: '1m' })).toEqual({ kind: 'source', everyMs: 60_000 });
  expect(watch.activation({ every: '10ms' })).toEqual({ kind: 'source', everyMs: 1000 });
  const nowhere = {
    config: { kind: 'folder' as const, path: '/nonexistent' },
    root: '/nonexistent',
    stop: async () => {},
  };
  await expect(watched(nowhere, { folder: '../etc' }).poll()).rejects.toMatchObject({ code: 'INVALID_FILE_NAME' });
});
