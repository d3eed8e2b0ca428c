import { createHash } from 'node:crypto';
import { writeJson } from '@millrace/contract';
import type { SFTPWrapper } from 'ssh2';
import type SftpClient from 'ssh2-sftp-client';
import type { SftpConfig } from '../connection/config.ts';
import { type Connection, connect } from './sftp-connect.ts';
import { cancelled, dropzoneError } from './trouble.ts';

/** A server that has not done an operation after this long has stalled. */
const operationMs = 30_000;
/** An unused connection is closed after this time; a watched one is used every second. An open one keeps a command from ending. */
const idleMs = 3_000;

/** What is done over a connection: by the client, or by a request of the protocol itself. */
export type Operation<T> = (client: SftpClient, sftp: SFTPWrapper) => Promise<T>;

/** One logged-in connection, shared by everything that uses the same configuration. */
export interface Session {
  /** Does an operation; fails when the connection is lost, the server stalls or `signal` is aborted. */
  perform<T>(signal: AbortSignal, operation: Operation<T>): Promise<T>;
}

interface Shared {
  readonly connection: Promise<Connection>;
  /** The next user opens a connection of its own. */
  readonly forget: () => void;
  users: number;
  idle?: NodeJS.Timeout;
}

const shared = new Map<string, Shared>();

/** Runs `work` on the connection of a configuration, opening it where there is none. */
export async function withSession<T>(
  config: SftpConfig,
  signal: AbortSignal,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw cancelled(signal.reason);
  const use = sharedConnection(config);
  use.users++;
  clearTimeout(use.idle);
  try {
    return await work(sessionOn(await unlessAborted(use.connection, signal)));
  } finally {
    use.users--;
    if (use.users === 0) closeWhenIdle(use);
  }
}

function sharedConnection(config: SftpConfig): Shared {
  const key = createHash('sha256').update(writeJson(config)).digest('hex');
  const known = shared.get(key);
  if (known) return known;
  const use: Shared = { connection: connect(config), users: 0, forget };
  function forget() {
    if (shared.get(key) === use) shared.delete(key);
  }
  use.connection.then(({ lost }) => lost.addEventListener('abort', forget), forget);
  shared.set(key, use);
  return use;
}

function closeWhenIdle(use: Shared): void {
  use.idle = setTimeout(() => {
    use.forget();
    use.connection.then((connection) => connection.close()).catch(() => undefined);
  }, idleMs);
  use.idle.unref();
}

function sessionOn({ where, client, sftp, lost, cut }: Connection): Session {
  return {
    async perform(signal, operation) {
      if (lost.aborted) throw lost.reason;
      if (signal.aborted) throw cancelled(signal.reason);
      const stalled = AbortSignal.timeout(operationMs);
      try {
        return await unlessAborted(operation(client, sftp), AbortSignal.any([signal, lost, stalled]));
      } catch (error) {
        if (lost.aborted) throw lost.reason;
        if (signal.aborted) throw cancelled(error);
        if (!stalled.aborted) throw error;
        cut();
        throw dropzoneError('unreachable', where, error);
      }
    },
  };
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
