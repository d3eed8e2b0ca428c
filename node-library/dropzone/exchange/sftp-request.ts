import type { Attributes, SFTPWrapper, Stats } from 'ssh2';
import type { Kind } from './dropzone.ts';
import type { Request, Session } from './sftp-session.ts';
import { dropzoneError, isMissing, type Trouble } from './trouble.ts';

/** Status codes of the SFTP protocol (draft-ietf-secsh-filexfer-02, section 7). */
export const status = { endOfFile: 1, noSuchFile: 2, permissionDenied: 3 } as const;

/** Bytes of one read or write request; servers accept at least 32 KiB. */
export const chunk = 32_768;

/** A connection, as long as one piece of work may use it. */
export interface Remote {
  readonly session: Session;
  readonly signal: AbortSignal;
}

/** For what a cancelled step still does: learning of the handle it opened, and tidying up. */
export function uncancelled({ session }: Remote): Remote {
  return { session, signal: new AbortController().signal };
}

/** Sends a request and tells its failure in the dropzone's words. */
export async function asked<T>(
  { session, signal }: Remote,
  where: string,
  missing: Trouble,
  request: Request<T>,
): Promise<T> {
  try {
    return await session.ask<T>(signal, request);
  } catch (error) {
    throw sftpTrouble(error, where, missing);
  }
}

/** Like `asked`, for requests that are answered by a bare status. */
export function done(
  remote: Remote,
  where: string,
  missing: Trouble,
  request: (sftp: SFTPWrapper, answer: (error?: Error | null) => void) => void,
): Promise<void> {
  return asked<void>(remote, where, missing, (sftp, answer) => request(sftp, (error) => answer(error, undefined)));
}

function sftpTrouble(error: unknown, where: string, missing: Trouble): unknown {
  const code = (error as { code?: unknown }).code;
  if (code === status.noSuchFile) return dropzoneError(missing, where, error);
  if (code === status.permissionDenied) return dropzoneError('denied', where, error);
  return typeof code === 'number' ? dropzoneError('failed', where, error) : error;
}

export async function look(remote: Remote, path: string): Promise<Kind | undefined> {
  const found = await statOf(remote, path, false);
  return found && kindOf(found);
}

export async function statOf(remote: Remote, path: string, follow: boolean): Promise<Stats | undefined> {
  try {
    return await asked<Stats>(remote, path, 'file-missing', (sftp, answer) =>
      follow ? sftp.stat(path, answer) : sftp.lstat(path, answer),
    );
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The type bits of a POSIX mode. */
export function kindOf({ mode }: Attributes): Kind {
  const type = mode & 0o170000;
  if (type === 0o100000) return 'file';
  return type === 0o040000 ? 'folder' : 'other';
}

export function openHandle(
  remote: Remote,
  path: string,
  flags: 'r' | 'wx',
  where: string,
  missing: Trouble,
): Promise<Buffer> {
  return asked<Buffer>(uncancelled(remote), where, missing, (sftp, answer) => sftp.open(path, flags, answer));
}

export function closeHandle(remote: Remote, path: string, handle: Buffer): Promise<void> {
  return done(uncancelled(remote), path, 'file-missing', (sftp, answer) => sftp.close(handle, answer));
}
