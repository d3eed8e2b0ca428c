import { constants } from 'node:fs';
import { link, lstat, mkdir, open, realpath, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { objectExists, objectNotFound } from '../object-failure.ts';
import { keySegments } from '../object-key.ts';
import type { ByteRange, ListedObject, ListOptions, ObjectContent, ObjectHead, ObjectStorage } from '../storage.ts';
import { reading, storing } from '../transfer.ts';
import { DirectoryPath, entryOf } from './directory.ts';
import { explained, folderFailure, ignore, isAbsent } from './failure.ts';
import { sweepIncoming, writeIncoming } from './incoming.ts';
import { walk } from './walk.ts';

const readBytes = 256 * 1024;
const sweepEveryMs = 3_600_000;
const leftoverAfterMs = 86_400_000;

/**
 * Objects as files of a folder, the key being the path. An object appears whole or not at all: it is written and flushed
 * under a name of its own in `.incoming`, then renamed. What a killed process leaves there is never read, and is removed
 * by a later put when it is a day old. Symbolic links inside the folder are not followed.
 * @param folder absolute path; created by the first put
 */
export function folderStorage(folder: string): ObjectStorage {
  let sweptAt = 0;
  const sweep = async (before: Date) => {
    sweptAt = Date.now();
    const root = await rootOf(folder);
    if (root !== undefined) await sweepIncoming(root, before);
  };
  return {
    async put(key, content, { ifAbsent = false } = {}) {
      const segments = keySegments(key);
      const keep = async (bytes: AsyncIterable<Uint8Array>) => {
        await makeFolder(folder);
        if (Date.now() - sweptAt > sweepEveryMs) await sweep(new Date(Date.now() - leftoverAfterMs));
        await put(await realpath(`${folder}/.`), segments, bytes, ifAbsent);
      };
      await storing(content, keep, folderFailure);
    },
    get: (key, range) => explained(() => at(folder, key, (place) => read(place, range))),
    head: (key) => explained(() => at(folder, key, head)),
    delete: (key) => explained(() => at(folder, key, remove).catch(ignore('OBJECT_NOT_FOUND'))),
    list: (options = {}) => list(folder, options),
    sweep: (before) => explained(() => sweep(before)),
  };
}

async function put(
  root: string,
  segments: readonly string[],
  content: AsyncIterable<Uint8Array>,
  ifAbsent: boolean,
): Promise<void> {
  const parent = await DirectoryPath.make(root, segments.slice(0, -1));
  try {
    const written = await writeIncoming(root, content);
    const name = entryOf(parent.last, segments.at(-1) as string);
    const publish = ifAbsent ? linkAbsent(written.path, name) : rename(written.path, name);
    await publish.finally(written.discard);
    await parent.flush();
  } finally {
    await parent.close();
  }
}

/** Unlike a rename, a hard link fails where there is something already. */
async function linkAbsent(written: string, name: string): Promise<void> {
  await link(written, name).catch((thrown: NodeJS.ErrnoException) => {
    throw thrown.code === 'EEXIST' ? objectExists(thrown) : thrown;
  });
}

/** Not by `recursive`: that never returns where the system says ENOENT although the parent is there, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  const make = () => mkdir(folder).catch(ignore('EEXIST'));
  await make().catch(async (thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'ENOENT' || dirname(folder) === folder) throw thrown;
    await makeFolder(dirname(folder));
    await make();
  });
}

/** Where the folder really is; nothing where nothing has been put yet. What is no folder is refused by the system. */
async function rootOf(folder: string): Promise<string | undefined> {
  return realpath(`${folder}/.`).catch(ignore('ENOENT'));
}

/** Does something with the place of an object, its folder held open meanwhile. */
async function at<T>(folder: string, key: string, act: (place: string) => Promise<T>): Promise<T> {
  const segments = keySegments(key);
  const root = await rootOf(folder);
  if (root === undefined) throw objectNotFound();
  return below(root, segments, act).catch((thrown: unknown) => {
    throw isAbsent(thrown) ? objectNotFound(thrown) : thrown;
  });
}

async function below<T>(root: string, segments: readonly string[], act: (place: string) => Promise<T>): Promise<T> {
  const parent = await DirectoryPath.open(root, segments.slice(0, -1));
  try {
    return await act(entryOf(parent.last, segments.at(-1) as string));
  } finally {
    await parent.close();
  }
}

/** Opened without waiting, because a pipe that nobody writes to would never open. */
async function read(place: string, { from, to }: ByteRange = { from: 0 }): Promise<ObjectContent> {
  const file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const found = await file.stat();
  const end = Math.min(to ?? found.size, found.size);
  if (!found.isFile() || from >= end) {
    await file.close();
    if (!found.isFile()) throw objectNotFound();
    return { size: 0, content: Readable.from([], { objectMode: false }) };
  }
  const stream = file.createReadStream({ start: from, end: end - 1, highWaterMark: readBytes });
  return { size: end - from, content: reading(stream, folderFailure) };
}

/** What is a folder of other objects is no object. */
async function remove(place: string): Promise<void> {
  await unlink(place).catch(ignore('EISDIR'));
}

async function head(place: string): Promise<ObjectHead> {
  const found = await lstat(place);
  if (!found.isFile()) throw objectNotFound();
  return { size: found.size, modifiedAt: found.mtime };
}

async function* list(folder: string, options: ListOptions): AsyncGenerator<ListedObject> {
  const root = await explained(() => rootOf(folder));
  if (root === undefined) return;
  const path = await explained(() => DirectoryPath.open(root, []));
  try {
    yield* walk(path.last, '', options);
  } catch (thrown) {
    throw folderFailure(thrown);
  } finally {
    await path.close();
  }
}
