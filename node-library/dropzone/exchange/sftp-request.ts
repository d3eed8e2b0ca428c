import type { Attributes, SFTPWrapper, Stats } from 'ssh2';
import type { Kind } from './dropzone.ts';
import type { Operation, Session } from './sftp-session.ts';
import { dropzoneError, isMissing, type Trouble } from './trouble.ts';

/** Status codes of the SFTP protocol (draft-ietf-secsh-filexfer-02, section 7). */
const status = { noSuchFile: 2, permissionDenied: 3 } as const;

/** A connection, as long as one piece of work may use it. */
export interface Remote {
  readonly session: Session;
  readonly signal: AbortSignal;
}

/** For what a cancelled step still does: learning of the handle it opened, and tidying up. */
export function uncancelled({ session }: Remote): Remote {
  return { session, signal: new AbortController().signal };
}

/** Does an operation and tells its failure in the dropzone's words. */
export async function performed<T>(
  { session, signal }: Remote,
  where: string,
  missing: Trouble,
  operation: Operation<T>,
): Promise<T> {
  try {
    return await session.perform(signal, operation);
  } catch (error) {
    throw sftpTrouble(error, where, missing);
  }
}

/** Starts one request of the protocol; `answer` is called with what the server says. */
type Request<T> = (sftp: SFTPWrapper, answer: (error: Error | null | undefined, value: T) => void) => void;

/** Like `performed`, for a request of the protocol itself. */
export function asked<T>(remote: Remote, where: string, missing: Trouble, request: Request<T>): Promise<T> {
  return performed(
    remote,
    where,
    missing,
    (_client, sftp) =>
      new Promise<T>((resolve, reject) => request(sftp, (error, value) => (error ? reject(error) : resolve(value)))),
  );
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

/** By request: `stat` of the client takes a server's failure for a file that is not there. */
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
