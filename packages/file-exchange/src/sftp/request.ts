import type { SFTPWrapper } from 'ssh2';
import { exchangeError, type Trouble } from '../trouble.ts';
import type { Session } from './session.ts';

/** Status codes of the SFTP protocol (draft-ietf-secsh-filexfer-13, section 9.1); version 3 knows those up to 8. */
const troubles: Readonly<Record<number, Trouble>> = {
  3: 'denied',
  11: 'exists',
  12: 'denied',
  14: 'full',
  15: 'full',
  24: 'not-a-file',
};
const noSuchFile = [2, 10];

/** A connection, as long as one piece of work may use it. */
export interface Remote {
  readonly session: Session;
  readonly signal: AbortSignal;
}

/** For what a cancelled step still does: learning of the handle it opened, and tidying up. */
export function uncancelled({ session }: Remote): Remote {
  return { session, signal: new AbortController().signal };
}

/** Starts one request of the protocol; `answer` is called with what the server says. */
type Request<T> = (sftp: SFTPWrapper, answer: (error: Error | null | undefined, value: T) => void) => void;

/** Makes one request and tells its failure in the words of a shared folder. */
export async function asked<T>(
  { session, signal }: Remote,
  where: string,
  missing: Trouble,
  request: Request<T>,
): Promise<T> {
  try {
    return await session.perform(
      signal,
      (sftp) =>
        new Promise<T>((resolve, reject) => request(sftp, (error, value) => (error ? reject(error) : resolve(value)))),
    );
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
  const { code } = error as { code?: unknown };
  if (typeof code !== 'number') return error;
  return exchangeError(noSuchFile.includes(code) ? missing : (troubles[code] ?? 'failed'), where, error);
}
