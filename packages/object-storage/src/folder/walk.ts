import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { incoming, isKey } from '../object-key.ts';
import type { ListedObject, ListOptions } from '../storage.ts';
import { type Directory, entryOf, openDirectory } from './directory.ts';
import { ignore, isAbsent } from './failure.ts';

/**
 * The objects below a folder, in the order of their keys. Files whose names are no keys, and what symbolic links lead to,
 * are no objects. The names of one folder are held at a time for each level, never those of all.
 * @param at key of the folder, ending with a slash; empty for the store itself
 */
export async function* walk(folder: Directory, at: string, options: ListOptions): AsyncGenerator<ListedObject> {
  const entries = await readdir(entryOf(folder, '.'), { withFileTypes: true });
  const inOrder = entries.map((entry) => ({ entry, key: keyOf(entry, at) })).sort((a, b) => inBytes(a.key, b.key));
  for (const { entry, key } of inOrder) {
    if (key === `${incoming}/`) continue;
    if (entry.isDirectory() && mayHold(key, options)) yield* walkInto(folder, entry.name, key, options);
    if (entry.isFile() && isWanted(key, options)) yield* objectAt(folder, entry.name, key);
  }
}

async function* walkInto(parent: Directory, name: string, key: string, options: ListOptions) {
  const folder = await openDirectory(entryOf(parent, name)).catch(unlessGone);
  if (!folder) return;
  try {
    yield* walk(folder, key, options);
  } finally {
    await folder.handle.close();
  }
}

async function* objectAt(folder: Directory, name: string, key: string): AsyncGenerator<ListedObject> {
  const found = await lstat(entryOf(folder, name)).catch(ignore('ENOENT'));
  if (found?.isFile()) yield { key, size: found.size, modifiedAt: found.mtime };
}

/** A folder's name is compared with its slash, as the keys of the objects in it are. */
function keyOf(entry: Dirent, at: string): string {
  return at + entry.name + (entry.isDirectory() ? '/' : '');
}

function mayHold(folder: string, { prefix = '', after = '' }: ListOptions): boolean {
  const fits = folder.startsWith(prefix) || prefix.startsWith(folder);
  return fits && (inBytes(folder, after) > 0 || after.startsWith(folder));
}

function isWanted(key: string, { prefix = '', after = '' }: ListOptions): boolean {
  return key.startsWith(prefix) && inBytes(key, after) > 0 && isKey(key);
}

function inBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** It was deleted, or swapped for something else, since the names were read. */
function unlessGone(thrown: unknown): undefined {
  if (!isAbsent(thrown)) throw thrown;
}
