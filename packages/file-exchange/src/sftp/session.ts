import { createHash } from 'node:crypto';
import { writeJson } from '@millrace/contract';
import type { SFTPWrapper } from 'ssh2';
import type { SftpConfig } from '../connection/config.ts';
import { cancelled } from '../trouble.ts';
import { type Connection, connect } from './connect.ts';
import type { AddressGuard } from './socket.ts';

/** A server that has not answered a request after this long has stalled. */
const requestMs = 30_000;
/** An unused connection is closed after this time; a watched one is used every second. An open one keeps a command from ending. */
const idleMs = 3_000;

/** Who uses a connection, and how. */
export interface Access {
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** Sees the server's address before it is used; without one every address may be used. */
  readonly guard?: AddressGuard | undefined;
  /** Milliseconds that a server may take for one request; 30,000 unless told. */
  readonly requestMs?: number | undefined;
}

/** One logged-in connection, shared by everything that uses the same configuration. */
export interface Session {
  /** Does one request; fails when the connection is lost, the server stalls or `signal` is aborted. */
  perform<T>(signal: AbortSignal, request: (sftp: SFTPWrapper) => Promise<T>): Promise<T>;
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
  access: Access,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  if (access.signal.aborted) throw cancelled(access.signal.reason);
  const answerMs = access.requestMs ?? requestMs;
  const use = sharedConnection(config, { guard: access.guard, answerMs });
  use.users++;
  clearTimeout(use.idle);
  try {
    const connection = await unlessAborted(use.connection, access.signal);
    // Somebody else may have opened it, by a guard of theirs.
    access.guard?.(connection.address);
    return await work(sessionOn(connection, answerMs));
  } finally {
    use.users--;
    if (use.users === 0) closeWhenIdle(use);
  }
}

function sharedConnection(config: SftpConfig, how: Parameters<typeof connect>[1]): Shared {
  const key = createHash('sha256').update(writeJson(config)).digest('hex');
  const known = shared.get(key);
  if (known) return known;
  const use: Shared = { connection: connect(config, how), users: 0, forget };
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

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const stop = () => aborted.reject(cancelled(signal.reason));
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function sessionOn({ sftp, lost, giveUp }: Connection, answerMs: number): Session {
  return {
    async perform(signal, request) {
      if (lost.aborted) throw lost.reason;
      if (signal.aborted) throw cancelled(signal.reason);
      const ended = Promise.withResolvers<never>();
      const onLost = () => ended.reject(lost.reason);
      const onAbort = () => ended.reject(cancelled(signal.reason));
      lost.addEventListener('abort', onLost);
      signal.addEventListener('abort', onAbort);
      const stall = setTimeout(giveUp, answerMs);
      try {
        return await Promise.race([request(sftp), ended.promise]);
      } finally {
        clearTimeout(stall);
        lost.removeEventListener('abort', onLost);
        signal.removeEventListener('abort', onAbort);
      }
    },
  };
}
