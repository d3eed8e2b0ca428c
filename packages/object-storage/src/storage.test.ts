import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keySegments } from './object-key.ts';
import { allOf, bytesOf, type OpenStorage, openFolder, openS3, textOf } from './storage.fixture.ts';
import type { ObjectStorage } from './storage.ts';

/** What holds for every kind of storage. */
describe.each<[string, () => Promise<OpenStorage>]>([
  ['a folder', openFolder],
  ['S3', openS3],
])('%s', (_kind, open) => {
  let opened: OpenStorage;
  let storage: ObjectStorage;
  beforeAll(async () => {
    opened = await open();
    storage = opened.storage;
  });
  afterAll(() => opened.close());

  const keys = async (options = {}) => (await allOf(storage.list(options))).map(({ key }) => key);

  test('has nothing before something was put', async () => {
    expect(await keys()).toEqual([]);
    await expect(storage.get('a')).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND', category: 'not-found' });
    await storage.delete('a');
  });

  test('R-D2 keeps what is put, whole, in parts and replaced', async () => {
    await storage.put('exports/Å (1)+!.json', Buffer.from('{"total":12345678901234567.890}'));
    expect(await textOf(storage, 'exports/Å (1)+!.json')).toBe('{"total":12345678901234567.890}');
    expect(await textOf(storage, 'exports/Å (1)+!.json', { from: 2, to: 7 })).toBe('total');
    expect(await textOf(storage, 'exports/Å (1)+!.json', { from: 29 })).toBe('0}');
    await storage.put('exports/Å (1)+!.json', Buffer.from('new'));
    expect(await textOf(storage, 'exports/Å (1)+!.json')).toBe('new');
  });

  test.each([{ from: 3 }, { from: 99 }, { from: 1, to: 1 }])('has nothing in the empty range %j', async (range) => {
    await storage.put('three', Buffer.from('abc'));
    const { size, content } = await storage.get('three', range);
    expect([size, await allOf(content)]).toEqual([0, []]);
  });

  test('keeps an empty object', async () => {
    await storage.put('empty', (async function* () {})());
    expect(await textOf(storage, 'empty')).toBe('');
    expect(await storage.head('empty')).toMatchObject({ size: 0 });
  });

  test('keeps a stream that is longer than its buffers, byte for byte', async () => {
    const size = 21 * 2 ** 20 + 7;
    await storage.put('long', bytesOf(size));
    expect(await storage.head('long')).toMatchObject({ size, modifiedAt: expect.any(Date) });
    const { content } = await storage.get('long');
    expect(await sha256Of(content)).toBe(await sha256Of(bytesOf(size)));
  });

  test('keeps the first where only an absent key may be put', async () => {
    await storage.put('once', Buffer.from('first'), { ifAbsent: true });
    const second = storage.put('once', bytesOf(9 * 2 ** 20), { ifAbsent: true });
    await expect(second).rejects.toMatchObject({ code: 'OBJECT_EXISTS', category: 'validation' });
    expect(await textOf(storage, 'once')).toBe('first');
  });

  test('lets exactly one of many win an absent key', async () => {
    const puts = Array.from({ length: 8 }, (_, n) =>
      storage.put('race', Buffer.from(String(n)), { ifAbsent: true }).then(() => String(n)),
    );
    const won = (await Promise.allSettled(puts)).flatMap((put) => (put.status === 'fulfilled' ? [put.value] : []));
    expect(won).toEqual([await textOf(storage, 'race')]);
  });

  test.each([1, 2 ** 20, 20 * 2 ** 20])('keeps nothing of content that fails after %i bytes', async (bytes) => {
    const failing = (async function* () {
      yield* bytesOf(bytes);
      throw new RangeError('the source broke off');
    })();
    await storage.put('broken', Buffer.from('before'));
    await expect(storage.put('broken', failing)).rejects.toThrow('the source broke off');
    expect(await textOf(storage, 'broken')).toBe('before');
  });

  test('forgets what is deleted, and does not mind when there is nothing', async () => {
    await storage.put('gone/soon', Buffer.from('x'));
    await storage.delete('gone/soon');
    await storage.delete('gone/soon');
    await storage.delete('gone');
    await expect(storage.head('gone/soon')).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
  });

  test('lists by prefix and from a key on, in the order of bytes', async () => {
    const put = ['list/b', 'list/a/1', 'list/a-', 'list/a/2', 'list/c/d/e', 'lisp', 'list/\u{1f600}', 'list/\uff5e'];
    for (const key of put) await storage.put(key, Buffer.from(key));
    const ordered = put.filter((key) => key !== 'lisp').sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await keys({ prefix: 'list/' })).toEqual(ordered);
    expect(await keys({ prefix: 'list/a' })).toEqual(['list/a-', 'list/a/1', 'list/a/2']);
    expect(await keys({ prefix: 'list/', after: 'list/a/1' })).toEqual(ordered.slice(ordered.indexOf('list/a/2')));
    expect(await keys({ prefix: 'nothing' })).toEqual([]);
    const [first] = await allOf(storage.list({ prefix: 'list/b' }));
    expect(first).toEqual({ key: 'list/b', size: 6, modifiedAt: expect.any(Date) });
  });

  test('lists for any keys, prefix and place what a sorted list would', async () => {
    const segment = fc.constantFrom('a', 'b', 'a-', 'ab', 'å', '0');
    const key = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => `p/${segments.join('/')}.x`);
    const all = fc.uniqueArray(key, { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(all, fc.string({ maxLength: 4 }), fc.option(key), async (put, tail, after) => {
        for await (const { key } of storage.list({ prefix: 'p/' })) await storage.delete(key);
        for (const key of put) await storage.put(key, Buffer.from('x'));
        const options = { prefix: `p/${tail}`, ...(after !== null && { after }) };
        const bytes = (text: string) => Buffer.from(text);
        const wanted = put
          .filter((key) => key.startsWith(options.prefix))
          .filter((key) => after === null || Buffer.compare(bytes(key), bytes(after)) > 0);
        expect(await keys(options)).toEqual(wanted.sort((a, b) => Buffer.compare(bytes(a), bytes(b))));
      }),
      { numRuns: 40 },
    );
  });

  test.each(['', '/a', '../a', 'a/../b', 'a/./b', 'a\0', 'a\nb', '\ud800', 'x'.repeat(1025)])(
    'refuses the key %j for every operation',
    async (key) => {
      const refusal = { code: 'OBJECT_KEY_INVALID', options: { pointer: '/key' } };
      await expect(storage.put(key, Buffer.from('x'))).rejects.toMatchObject(refusal);
      await expect((async () => storage.get(key))()).rejects.toMatchObject(refusal);
      await expect((async () => storage.head(key))()).rejects.toMatchObject(refusal);
      await expect((async () => storage.delete(key))()).rejects.toMatchObject(refusal);
    },
  );
});

test('a key that is taken is the same in every storage, and no other way of writing it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      let key: string;
      try {
        key = keySegments(text).join('/');
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: 'OBJECT_KEY_INVALID' });
        return;
      }
      expect(keySegments(key).join('/')).toBe(key);
      expect(key).toBe(text.normalize('NFC'));
    }),
  );
});

async function sha256Of(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk);
  return hash.digest('hex');
}
