import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { MillraceError } from '@millrace/contract';
import { incoming, invalidKey, keySegments } from './object-key.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * Objects as files of a folder, the key being the path. An object appears whole or not at all: it is written and flushed
 * under a name of its own in `.incoming`, then renamed. What a killed process leaves there is never read.
 * @param folder absolute path; created where it is missing
 */
export function folderStore(folder: string): ObjectStore {
  return {
    put: (key, bytes) => explained(() => put(folder, keySegments(key), bytes)),
    get: (key) => explained(async () => readFile(await existing(folder, keySegments(key)))),
    remove: (key) => explained(async () => unlink(await existing(folder, keySegments(key)))),
  };
}

async function put(folder: string, segments: readonly string[], bytes: Uint8Array): Promise<void> {
  await makeFolder(folder);
  const root = await realpath(folder);
  const parent = await ownFolder(root, segments.slice(0, -1));
  const written = join(await ownFolder(root, [incoming]), randomUUID());
  try {
    await writeFlushed(written, bytes);
    await rename(written, join(parent, segments.at(-1) as string));
  } catch (thrown) {
    await rm(written, { force: true });
    throw thrown;
  }
  await flushFolders(parent, root);
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

/**
 * Makes the folders one by one, looking after each where it really is: a symbolic link on the way must not lead out, not
 * even for the time it takes to notice.
 */
async function ownFolder(root: string, segments: readonly string[]): Promise<string> {
  let folder = root;
  for (const segment of segments) {
    const next = join(folder, segment);
    await mkdir(next).catch(ignore('EEXIST'));
    folder = inside(root, await realpath(next));
    if (!(await stat(folder)).isDirectory()) throw invalidKey('leads through another object');
  }
  return folder;
}

async function existing(folder: string, segments: readonly string[]): Promise<string> {
  const root = await realpath(folder);
  const path = await realpath(join(root, ...segments)).catch(ignore('ENOENT', 'ENOTDIR'));
  if (path !== undefined) return inside(root, path);
  throw new MillraceError('OBJECT_NOT_FOUND', 'There is no such object.', { category: 'not-found' });
}

function inside(root: string, path: string): string {
  if (path.startsWith(root.endsWith(sep) ? root : root + sep)) return path;
  throw invalidKey('leads out of the store by a symbolic link');
}

function ignore(...codes: string[]): (thrown: NodeJS.ErrnoException) => undefined {
  return (thrown) => {
    if (!codes.includes(thrown.code ?? '')) throw thrown;
  };
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o640);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename survives a power cut only once its folder is flushed, and so does every folder made on the way. */
async function flushFolders(from: string, root: string): Promise<void> {
  for (let folder = from; ; folder = dirname(folder)) {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
    if (folder === root) return;
  }
}

/** Runs a file operation; its failure is told in words, without paths of the server. */
async function explained<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (thrown) {
    throw thrown instanceof MillraceError ? thrown : storeError(thrown);
  }
}

function storeError(thrown: unknown): MillraceError {
  const { code } = thrown as NodeJS.ErrnoException;
  if (code === 'EISDIR') return invalidKey('is that of a folder of other objects');
  if (code === 'ENOSPC' || code === 'EDQUOT') return outOfOrder('STORE_FULL', 'The object store is full.', thrown);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return outOfOrder(
      'STORE_FORBIDDEN',
      'The object store may not be written by the account that Millrace runs under.',
      thrown,
    );
  }
  return outOfOrder('STORE_UNAVAILABLE', `The object store could not be used (${code ?? 'unknown cause'}).`, thrown);
}

/** Somebody has to mend the store, and then the object can be put as it is: worth trying again. */
function outOfOrder(code: string, message: string, cause: unknown): MillraceError {
  return new MillraceError(code, message, { category: 'transient', cause });
}
