import { posix } from 'node:path';
import type { Attributes, Stats } from 'ssh2';
import type { SftpConfig } from '../connection/config.ts';
import type { Contents, Dropzone, Entry } from './dropzone.ts';
import { asked, chunk, closeHandle, kindOf, look, openHandle, type Remote, statOf, status } from './sftp-request.ts';
import type { Session } from './sftp-session.ts';
import { ensureFolder, removeIfThere, rename, writeAtomically } from './sftp-write.ts';
import { dropzoneError } from './trouble.ts';

/** A dropzone on an SFTP server, over a connection that is open. */
export function sftpDropzone(config: SftpConfig, session: Session, signal: AbortSignal): Dropzone {
  const at = (relative: string) => posix.join(config.path, relative);
  const remote: Remote = { session, signal };
  return {
    sharesClock: false,
    pathOf: at,
    list: (folder) => listFolder(remote, at(folder), folder === ''),
    look: (relative) => look(remote, at(relative)),
    read: (relative, limit) => readStart(remote, at(relative), limit),
    writeAtomically: (relative, temporary, bytes) => writeAtomically(remote, at(relative), at(temporary), bytes),
    move: (from, to) => rename(remote, at(from), at(to)),
    remove: (relative) => removeIfThere(remote, at(relative)),
    ensureFolder: (folder) => ensureFolder(remote, at(folder)),
  };
}

async function listFolder(remote: Remote, path: string, isRoot: boolean): Promise<readonly Entry[] | undefined> {
  // The dropzone itself may be a link, as its operator chose; a link inside it was perhaps put there by somebody else.
  const found = await statOf(remote, path, isRoot);
  if (found && kindOf(found) === 'folder') return entriesOf(remote, path);
  if (isRoot) throw dropzoneError('folder-missing', path);
  return undefined;
}

type Listed = { filename: string; attrs: Attributes };

async function entriesOf(remote: Remote, path: string): Promise<Entry[]> {
  const listed = await asked<Listed[]>(remote, path, 'folder-missing', (sftp, answer) => sftp.readdir(path, answer));
  return listed.map(({ filename, attrs }) => ({
    name: filename,
    kind: kindOf(attrs),
    size: attrs.size,
    modifiedMs: attrs.mtime * 1000,
  }));
}

async function readStart(remote: Remote, path: string, limit: number): Promise<Contents> {
  const handle = await openHandle(remote, path, 'r', path, 'file-missing');
  try {
    const found = await asked<Stats>(remote, path, 'file-missing', (sftp, answer) => sftp.fstat(handle, answer));
    if (kindOf(found) !== 'file') throw dropzoneError('file-missing', path);
    const bytes = await readUpTo(remote, path, handle, Math.min(found.size, limit));
    return { bytes, truncated: found.size > limit };
  } finally {
    await closeHandle(remote, path, handle);
  }
}

async function readUpTo(remote: Remote, path: string, handle: Buffer, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const got = await readChunk(remote, path, handle, bytes, read);
    if (got === 0) break;
    read += got;
  }
  return bytes.subarray(0, read);
}

function readChunk(remote: Remote, path: string, handle: Buffer, into: Buffer, from: number): Promise<number> {
  const length = Math.min(chunk, into.length - from);
  return asked<number>(remote, path, 'file-missing', (sftp, answer) =>
    sftp.read(handle, into, from, length, from, (error, got) =>
      codeOf(error) === status.endOfFile ? answer(undefined, 0) : answer(error, got),
    ),
  );
}

function codeOf(error: Error | undefined): unknown {
  return (error as { code?: unknown } | undefined)?.code;
}
