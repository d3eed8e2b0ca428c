import { appendFile, chmod, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folderPlace, type Place } from '@millrace/file-exchange/places.fixture';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lay, watched } from './watch.fixture.ts';

describe('a watch of a folder', () => {
  let place: Place;
  beforeEach(async () => {
    place = await folderPlace();
  });
  afterEach(() => place.stop());

  test('the oldest file comes first, and one look takes as many as it may', async () => {
    const { poll, payloads } = watched(place, { most: 2, as: 'text' });
    for (const [name, age] of [
      ['a', 10],
      ['b', 30],
      ['c', 20],
    ] as const)
      await lay(place, name, name, age);
    await poll();
    await poll();
    expect(payloads()).toMatchObject([{ name: 'b' }, { name: 'c' }]);
    await poll();
    expect(payloads()).toMatchObject([{ name: 'b' }, { name: 'c' }, { name: 'a' }]);
  });

  test('a file must have looked the same for as long as is asked', async () => {
    const { poll, payloads } = watched(place, { quietFor: '3s' });
    await lay(place, 'a', 'a');
    for (let look = 0; look < 3; look++) await poll();
    expect(payloads()).toEqual([]);
    await poll();
    expect(payloads()).toHaveLength(1);
  });

  test('a file changed between the second look and the claim is put back and taken when it lies still', async () => {
    const { poll, payloads, files } = watched(place, { as: 'text' });
    await lay(place, 'a.txt', 'half', 30);
    await poll();
    // Saving the cursor comes after the look and before the claim.
    await lay(place, 'b.txt', 'new', 30);
    const saveCursor = async () => lay(place, 'a.txt', 'half and more', 10);
    await poll({ saveCursor });
    expect(payloads()).toEqual([]);
    expect(await files()).toEqual(['a.txt', 'b.txt']);
    await poll();
    await poll();
    expect(payloads()).toContainEqual(expect.objectContaining({ text: 'half and more' }));
  });

  test('a file appended to while it is read starts no run, and is taken afterwards', async () => {
    const watching = watched(place);
    const { poll, payloads, blobs, log, files } = watching;
    await lay(place, 'a.bin', Buffer.alloc(1_000_000));
    await poll();
    const appending: typeof blobs = {
      ...blobs,
      async write(source, about) {
        const [claimed = ''] = await files('.millrace-processing');
        async function* andAppend() {
          for await (const chunk of source) {
            await appendFile(join(place.root, claimed), 'm');
            yield chunk;
          }
        }
        return blobs.write(andAppend(), about);
      },
    };
    await poll({ blobs: appending });
    expect(payloads()).toEqual([]);
    expect(log).toEqual(['A file is left for later: it is still being written.']);
    await poll();
    expect(payloads()).toMatchObject([{ name: 'a.bin', size: 1_000_004 }]);
    expect(await files()).toEqual(['archive/a.bin']);
  });

  test('a file appended to between claim and reading starts no run yet', async () => {
    const { poll, payloads, blobs, files } = watched(place);
    await lay(place, 'a.bin', 'half');
    await poll();
    const appending: typeof blobs = {
      ...blobs,
      async write(source, about) {
        const [claimed = ''] = await files('.millrace-processing');
        await appendFile(join(place.root, claimed), ' and half');
        return blobs.write(source, about);
      },
    };
    await poll({ blobs: appending });
    expect(payloads()).toEqual([]);
    await poll();
    expect(payloads()).toMatchObject([{ size: 13 }]);
  });

  test('a file passes through by reference without being held in memory, whatever its size (61)', async () => {
    const { poll, payloads, blobs } = watched(place);
    const large = 700_000_000;
    await lay(place, 'huge.bin', '');
    await truncate(join(place.root, 'huge.bin'), large);
    let held = 0;
    const counting: typeof blobs = {
      ...blobs,
      async write(source, { name, mediaType }) {
        let bytes = 0;
        for await (const chunk of source) {
          bytes += chunk.length;
          held = Math.max(held, process.memoryUsage().arrayBuffers);
        }
        return { blob: `blob_${'0'.repeat(32)}`, name, mediaType, bytes, sha256: '' };
      },
    };
    await poll({ blobs: counting });
    await poll({ blobs: counting });
    expect(payloads()).toMatchObject([{ size: large, file: { bytes: large } }]);
    expect(held).toBeLessThan(large / 2);
  });

  test('too large for the payload store is refused, not tried for ever', async () => {
    const { poll, files } = watched(place);
    await lay(place, 'a.bin', 'ab');
    await poll();
    await poll({ blobs: memoryBlobs(1) });
    expect(await files()).toEqual(['error/a.bin', 'error/a.bin.reason.json']);
  });

  const isRoot = process.getuid?.() === 0;
  const why = isRoot ? ' (skipped: root may read everything)' : '';
  test.skipIf(isRoot)(`an unreadable file goes to error/${why}`, async () => {
    const { settle, files } = watched(place);
    await lay(place, 'a.bin', 'a');
    await chmod(join(place.root, 'a.bin'), 0);
    await settle();
    expect(await files()).toEqual(['error/a.bin', 'error/a.bin.reason.json']);
  });

  test('temporary and hidden names, and those that the pattern is not for, are left alone', async () => {
    const { settle, payloads, files } = watched(place, { pattern: 'ORDER_?.*' });
    const names = ['.order_1.json', 'order_1.json.part', 'order_1.tmp', 'order_12.json', 'stock_1.json'];
    for (const name of [...names, 'order_1.json']) await lay(place, name, name);
    await settle();
    expect(payloads()).toMatchObject([{ name: 'order_1.json' }]);
    expect(await files()).toEqual([...names, 'archive/order_1.json'].sort());
  });

  test('the claimed files of a watch with another pattern are left to it', async () => {
    const { poll, files } = watched(place, { pattern: '*.csv' });
    const claimed = `.millrace-processing/${'a'.repeat(16)}.order.json`;
    await lay(place, claimed, '{}');
    await poll();
    expect(await files()).toEqual([claimed]);
  });

  test('a name in two Unicode spellings is told in the composed one; both files run and are kept', async () => {
    const { settle, payloads, files } = watched(place, { as: 'text' });
    await lay(place, 'o\u0308l.txt', 'one', 30);
    await lay(place, '\u00f6l.txt', 'two', 20);
    await settle();
    expect(payloads()).toMatchObject([
      { name: '\u00f6l.txt', text: 'one' },
      { name: '\u00f6l.txt', text: 'two' },
    ]);
    expect(await files()).toEqual(['archive/\u00f6l.1.txt', 'archive/\u00f6l.txt']);
  });

  test('a file called like a property of every object is a file like any other', async () => {
    const { settle, payloads } = watched(place, { as: 'text' });
    for (const name of ['__proto__', 'constructor']) await lay(place, name, name);
    await settle();
    expect(payloads()).toMatchObject([{ name: '__proto__' }, { name: 'constructor' }]);
  });

  test('archived by the day of the tenant’s calendar', async () => {
    const { settle, files } = watched(place, { datedArchive: true });
    await lay(place, 'a.txt', 'a');
    await settle();
    // 09:30 in Greenwich is 22:30 of the same day in Auckland.
    expect(await files()).toEqual(['archive/2026-03-02/a.txt']);
  });

  test('deleted once the run is durable, where that is asked', async () => {
    const { settle, payloads, files } = watched(place, { afterwards: 'delete' });
    await lay(place, 'a.txt', 'a');
    await settle();
    expect(payloads()).toHaveLength(1);
    expect(await files()).toEqual([]);
  });

  test('a watch that is stopped takes no further file', async () => {
    const { poll, payloads } = watched(place);
    await lay(place, 'a', 'a', 30);
    await lay(place, 'b', 'b', 20);
    await poll();
    const stopping = new AbortController();
    const accept = async () => {
      stopping.abort();
      return { run: 'run-1', duplicate: false };
    };
    await poll({ accept, signal: stopping.signal }).catch(() => undefined);
    await poll();
    expect(
      payloads()
        .map((payload) => (payload as { name: string }).name)
        .sort(),
    ).toEqual(['a', 'b']);
  });

  test('a file where the archive should be does not lose the file or start a second run', async () => {
    const { poll, payloads, files } = watched(place, { as: 'text', pattern: '*.txt' });
    await writeFile(join(place.root, 'archive'), 'a file where the folder should be');
    await lay(place, 'b.txt', 'b');
    await poll();
    await expect(poll()).rejects.toMatchObject({ code: 'FOLDER_MISSING' });
    await expect(poll()).rejects.toMatchObject({ code: 'FOLDER_MISSING' });
    expect(payloads()).toMatchObject([{ name: 'b.txt' }]);
    expect(await files()).toEqual([expect.stringMatching(/processing.*\.b\.txt$/), 'archive']);
  });
});
