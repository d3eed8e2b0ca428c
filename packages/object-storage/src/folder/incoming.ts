import { randomUUID } from 'node:crypto';
import { lstat, open, readdir, unlink, writeFile } from 'node:fs/promises';
import { incoming } from '../object-key.ts';
import { type Directory, DirectoryPath, entryOf } from './directory.ts';
import { ignore } from './failure.ts';

/** Content that is written and flushed and has no key yet. */
export interface Written {
  readonly path: string;
  /** Removes it, where it has not been renamed, and lets go of its folder. */
  discard(): Promise<void>;
}

/** Writes the content under a name of its own in the folder for what is still being written. */
export async function writeIncoming(root: string, content: AsyncIterable<Uint8Array>): Promise<Written> {
  const folder = await DirectoryPath.make(root, [incoming]);
  const path = entryOf(folder.last, randomUUID());
  const discard = async () => {
    await unlink(path).catch(ignore('ENOENT'));
    await folder.close();
  };
  try {
    await writeFlushed(path, content);
    return { path, discard };
  } catch (thrown) {
    await discard();
    throw thrown;
  }
}

async function writeFlushed(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o640);
  try {
    await writeFile(file, content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Removes what killed processes have left, last written to before the time. */
export async function sweepIncoming(root: string, before: Date): Promise<void> {
  const folder = await DirectoryPath.open(root, [incoming]).catch(ignore('ENOENT'));
  if (!folder) return;
  try {
    for (const name of await readdir(entryOf(folder.last, '.'))) await sweepOne(folder.last, name, before);
  } finally {
    await folder.close();
  }
}

/** Another process may sweep, or finish, at the same time. */
async function sweepOne(folder: Directory, name: string, before: Date): Promise<void> {
  const path = entryOf(folder, name);
  const found = await lstat(path).catch(ignore('ENOENT'));
  if (found && found.mtime < before) await unlink(path).catch(ignore('ENOENT'));
}
