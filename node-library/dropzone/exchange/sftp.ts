import { posix } from 'node:path';
import type { Attributes } from 'ssh2';
import type SftpClient from 'ssh2-sftp-client';
import type { SftpConfig } from '../connection/config.ts';
import type { Contents, Dropzone, Entry } from './dropzone.ts';
import { asked, kindOf, look, performed, type Remote, statOf } from './sftp-request.ts';
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

/**
 * By request: `list` of the client takes what a thing is from the line of text for people, whose form the protocol
 * leaves to the server.
 */
async function entriesOf(remote: Remote, path: string): Promise<Entry[]> {
  const listed = await asked<Listed[]>(remote, path, 'folder-missing', (sftp, answer) => sftp.readdir(path, answer));
  return listed.map(({ filename, attrs }) => ({
    name: filename,
    kind: kindOf(attrs),
    size: attrs.size,
    modifiedMs: attrs.mtime * 1000,
  }));
}

/** One byte more than `limit` is asked for, to learn whether there is more. */
async function readStart(remote: Remote, path: string, limit: number): Promise<Contents> {
  const part: SftpClient.ReadStreamOptions & { start: number; end: number } = { start: 0, end: limit };
  const content = await performed(remote, path, 'file-missing', (client) =>
    client.get(path, undefined, { readStreamOptions: part }),
  );
  // For an empty file the client gives an empty array.
  const bytes = Buffer.from(content as Buffer | []);
  return { bytes: bytes.subarray(0, limit), truncated: bytes.length > limit };
}
