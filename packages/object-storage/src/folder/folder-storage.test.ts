import { execFileSync } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { incoming } from '../object-key.ts';
import { allOf, bytesOf, openFolder, textOf } from '../storage.fixture.ts';
import { folderFailure } from './failure.ts';
import { folderStorage } from './folder-storage.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function setup() {
  const folder = await openFolder();
  opened.push(folder);
  return folder;
}

const onLinux = process.platform === 'linux';

describe('a symbolic link in the store', () => {
  test('leads nowhere: nothing is put, read, listed or deleted through it', async () => {
    const { storage, around, folder } = await setup();
    await mkdir(join(around, 'outside'));
    await writeFile(join(around, 'outside', 'secret'), 'untouched');
    await mkdir(folder);
    await symlink(join(around, 'outside'), join(folder, 'a'));
    await expect(storage.put('a/new', Buffer.from('x'))).rejects.toMatchObject({ code: 'OBJECT_KEY_INVALID' });
    await expect(storage.put('a/b/new', Buffer.from('x'))).rejects.toMatchObject({ code: 'OBJECT_KEY_INVALID' });
    await expect(storage.get('a/secret')).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    await storage.delete('a/secret');
    expect(await allOf(storage.list())).toEqual([]);
    expect(await readdir(join(around, 'outside'))).toEqual(['secret']);
  });

  test('in place of an object is no object, and is replaced by the next', async () => {
    const { storage, around, folder } = await setup();
    await writeFile(join(around, 'outside'), 'untouched');
    await mkdir(folder);
    await symlink(join(around, 'outside'), join(folder, 'D-1.json'));
    await expect(storage.get('D-1.json')).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    await expect(storage.head('D-1.json')).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    await storage.put('D-1.json', Buffer.from('x'));
    expect(await readFile(join(around, 'outside'), 'utf8')).toBe('untouched');
    expect((await lstat(join(folder, 'D-1.json'))).isFile()).toBe(true);
  });

  test.runIf(onLinux)('that takes the place of a folder while the object is written changes nothing', async () => {
    const { storage, around, folder } = await setup();
    await mkdir(join(around, 'outside'));
    await storage.put('a/b/first', Buffer.from('x'));
    const swapping = (async function* () {
      await rename(join(folder, 'a'), join(folder, 'moved'));
      await mkdir(join(around, 'outside', 'b'));
      await symlink(join(around, 'outside'), join(folder, 'a'));
      yield Buffer.from('order');
    })();
    await storage.put('a/b/second', swapping);
    expect(await readdir(join(around, 'outside', 'b'))).toEqual([]);
    expect(await textOf(storage, 'moved/b/second')).toBe('order');
  });

  test('as the store itself is followed: an operator may have put it there', async () => {
    const { around, folder } = await setup();
    await mkdir(join(around, 'disk'));
    await symlink(join(around, 'disk'), folder);
    await folderStorage(folder).put('a', Buffer.from('x'));
    expect(await readFile(join(around, 'disk', 'a'), 'utf8')).toBe('x');
  });
});

describe('what is no plain file', () => {
  test('a folder of objects is no object', async () => {
    const { storage, folder } = await setup();
    await storage.put('a/b', Buffer.from('x'));
    await expect(storage.get('a')).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    await expect(storage.put('a', Buffer.from('x'))).rejects.toMatchObject({ code: 'OBJECT_KEY_INVALID' });
    await expect(storage.put('a/b/c', Buffer.from('x'))).rejects.toMatchObject({ code: 'OBJECT_KEY_INVALID' });
    expect(await readdir(join(folder, incoming))).toEqual([]);
  });

  test.runIf(onLinux)('a pipe is no object and is not waited for', async () => {
    const { storage, folder } = await setup();
    await mkdir(folder);
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await expect(storage.get('pipe')).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    expect(await allOf(storage.list())).toEqual([]);
  });

  test('a file whose name is no key is not listed', async () => {
    const { storage, folder } = await setup();
    await storage.put('order', Buffer.from('x'));
    await writeFile(join(folder, 'a:b'), '');
    await writeFile(join(folder, 'Malmo\u0308'), '');
    expect((await allOf(storage.list())).map(({ key }) => key)).toEqual(['order']);
  });
});

describe('what a killed process has left', () => {
  async function leave(folder: string, name: string, ageMs: number) {
    await mkdir(join(folder, incoming), { recursive: true });
    await writeFile(join(folder, incoming, name), 'half');
    const at = new Date(Date.now() - ageMs);
    await utimes(join(folder, incoming, name), at, at);
  }

  test('is removed by the next put when it is a day old, and is never an object', async () => {
    const { storage, folder } = await setup();
    await leave(folder, 'old', 90_000_000);
    await leave(folder, 'young', 80_000_000);
    expect(await allOf(storage.list())).toEqual([]);
    await storage.put('a', Buffer.from('x'));
    expect(await readdir(join(folder, incoming))).toEqual(['young']);
  });

  test('is removed by sweeping before a time', async () => {
    const { storage, folder } = await setup();
    await storage.sweep(new Date());
    await leave(folder, 'old', 20_000);
    await leave(folder, 'young', 5_000);
    await storage.sweep(new Date(Date.now() - 10_000));
    expect(await readdir(join(folder, incoming))).toEqual(['young']);
  });
});

describe('a store out of order', () => {
  test('is worth another try, and tells no path', async () => {
    const { storage, folder } = await setup();
    await writeFile(folder, 'in the way');
    const away = { code: 'STORE_UNAVAILABLE', category: 'transient' };
    for (const call of [
      () => storage.put('a', Buffer.from('x')),
      () => storage.get('a'),
      () => storage.head('a'),
      () => storage.delete('a'),
      () => storage.list()[Symbol.asyncIterator]().next(),
      () => storage.sweep(new Date()),
    ]) {
      const failure = await Promise.resolve(call()).catch((thrown: Error) => thrown);
      expect(failure).toMatchObject(away);
      expect((failure as Error).message).not.toContain(folder);
    }
  });

  test.each([
    ['ENOSPC', 'STORE_FULL'],
    ['EDQUOT', 'STORE_FULL'],
    ['EACCES', 'STORE_FORBIDDEN'],
    ['EROFS', 'STORE_FORBIDDEN'],
    ['EIO', 'STORE_UNAVAILABLE'],
  ])('whose system says %s fails as %s, transient', (code, expected) => {
    const thrown = Object.assign(new Error('open /srv/secret'), { code });
    expect(folderFailure(thrown)).toMatchObject({ code: expected, category: 'transient' });
    expect(folderFailure(thrown).message).not.toContain('/srv');
  });
});

test.runIf(onLinux)('an open file is closed whether its content is read, left or never begun', async () => {
  const { storage } = await setup();
  await storage.put('a', bytesOf(3 * 2 ** 20));
  const before = (await readdir('/proc/self/fd')).length;
  await textOf(storage, 'a');
  for await (const _chunk of (await storage.get('a')).content) break;
  const { content } = await storage.get('a');
  const closed = new Promise((resolve) => content.once('close', resolve));
  content.destroy();
  await closed;
  await expect.poll(async () => (await readdir('/proc/self/fd')).length).toBe(before);
});
