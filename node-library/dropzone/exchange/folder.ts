import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MillraceError } from '@millrace/contract';
import type { Contents, Dropzone, Entry, Kind } from './dropzone.ts';
import { cancelled, dropzoneError, isMissing, type Trouble } from './trouble.ts';

/** A dropzone that is a folder of this machine, or mounted on it. */
export function folderDropzone(root: string, signal: AbortSignal): Dropzone {
  const at = (relative: string) => join(root, relative);
  return {
    sharesClock: true,
    pathOf: at,
    list: (folder) => listFolder(at(folder), folder === ''),
    look: (relative) => look(at(relative)),
    read: (relative, limit) => readStart(at(relative), limit),
    writeAtomically: (relative, temporary, bytes) => writeAtomically(at(relative), at(temporary), bytes, signal),
    move: (from, to) => told(at(from), 'file-missing', () => rename(at(from), at(to))),
    remove: (relative) => told(at(relative), 'file-missing', () => rm(at(relative), { force: true })),
    ensureFolder: (folder) => ensureFolder(at(folder)),
  };
}

const troubles: Readonly<Record<string, Trouble>> = {
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EIO: 'unreachable',
  ESTALE: 'unreachable',
  ETIMEDOUT: 'unreachable',
  EHOSTDOWN: 'unreachable',
};

/** A file system error in the dropzone's words. */
export function fileTrouble(error: unknown, where: string, missing: Trouble): unknown {
  if (error instanceof MillraceError) return error;
  if (error instanceof Error && error.name === 'AbortError') return cancelled(error);
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) return error;
  const trouble = code === 'ENOENT' || code === 'ENOTDIR' ? missing : (troubles[code] ?? 'failed');
  return dropzoneError(trouble, where, error);
}

async function told<T>(where: string, missing: Trouble, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw fileTrouble(error, where, missing);
  }
}

async function orNothing<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function listFolder(path: string, isRoot: boolean): Promise<readonly Entry[] | undefined> {
  // The dropzone itself may be a link, as its operator chose; a link inside it was perhaps put there by somebody else.
  const folder = await orNothing(told(path, 'folder-missing', () => (isRoot ? stat(path) : lstat(path))));
  if (folder?.isDirectory()) return entriesOf(path);
  if (isRoot) throw dropzoneError('folder-missing', path);
  return undefined;
}

async function entriesOf(path: string): Promise<Entry[]> {
  const names = await told(path, 'folder-missing', () => readdir(path));
  const entries = await Promise.all(names.map((name) => entryOf(path, name)));
  return entries.filter((entry) => entry !== undefined);
}

async function entryOf(folder: string, name: string): Promise<Entry | undefined> {
  const path = join(folder, name);
  const found = await orNothing(told(path, 'file-missing', () => lstat(path)));
  return found && { name, kind: kindOf(found), size: found.size, modifiedMs: found.mtimeMs };
}

function kindOf(found: Stats): Kind {
  if (found.isFile()) return 'file';
  return found.isDirectory() ? 'folder' : 'other';
}

async function look(path: string): Promise<Kind | undefined> {
  const found = await orNothing(told(path, 'file-missing', () => lstat(path)));
  return found && kindOf(found);
}

/** Opened so that a link is not followed and a pipe does not block, should one have taken the file's place since it was listed. */
const readNoFollow = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

async function readStart(path: string, limit: number): Promise<Contents> {
  return told(path, 'file-missing', async () => {
    await using handle = await open(path, readNoFollow);
    const found = await handle.stat();
    if (!found.isFile()) throw dropzoneError('file-missing', path);
    const bytes = await readUpTo(handle, Math.min(found.size, limit));
    return { bytes, truncated: found.size > limit };
  });
}

async function readUpTo(handle: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await handle.read(bytes, read, length - read, read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}

async function writeAtomically(path: string, temporary: string, bytes: Buffer, signal: AbortSignal): Promise<void> {
  await told(dirname(path), 'folder-missing', async () => {
    try {
      await writeDurably(temporary, bytes, signal);
      signal.throwIfAborted();
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
    await syncFolder(dirname(path));
  });
}

async function writeDurably(path: string, bytes: Buffer, signal: AbortSignal): Promise<void> {
  await using handle = await open(path, 'wx');
  await handle.writeFile(bytes, { signal });
  await handle.sync();
}

/** Makes the rename itself survive a power cut. */
async function syncFolder(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}

async function ensureFolder(path: string): Promise<void> {
  await told(path, 'folder-missing', async () => {
    await mkdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    if (!(await lstat(path)).isDirectory()) throw dropzoneError('folder-missing', path);
  });
}
