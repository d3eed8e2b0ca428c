import { createHash } from 'node:crypto';
import { MillraceError, writeJson } from '@millrace/contract';
import { Client, type ConnectConfig, type SFTPWrapper } from 'ssh2';
import type { SftpConfig } from '../connection/config.ts';
import { cancelled, dropzoneError } from './trouble.ts';

/*
 * ssh2 is used directly: ssh2-sftp-client tells the loss of a connection to one of the operations under way only, and
 * the watch and the nodes share one connection.
 */

/** Longest time for TCP, key exchange and login together. */
const connectMs = 10_000;
/** A server that answers nothing for this long has stalled. */
const operationMs = 30_000;
/** An unused connection is closed after this time; a watched one is used every second. */
const idleMs = 15_000;

/** Starts one SFTP request; `answer` is called with what the server says. */
export type Request<T> = (sftp: SFTPWrapper, answer: (error: Error | null | undefined, value: T) => void) => void;

/** One logged-in connection, shared by everything that uses the same configuration. */
export interface Session {
  /** Sends a request; fails when the connection is lost, the server stalls or `signal` is aborted. */
  ask<T>(signal: AbortSignal, request: Request<T>): Promise<T>;
}

interface Opened extends Session {
  close(): void;
}

interface Shared {
  readonly session: Promise<Opened>;
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
  const use = sharedSession(config);
  use.users++;
  clearTimeout(use.idle);
  try {
    return await work(await unlessAborted(use.session, signal));
  } finally {
    use.users--;
    if (use.users === 0) closeWhenIdle(use);
  }
}

function sharedSession(config: SftpConfig): Shared {
  const key = createHash('sha256').update(writeJson(config)).digest('hex');
  const known = shared.get(key);
  if (known) return known;
  const use: Shared = { session: connect(config, forget), users: 0 };
  function forget() {
    if (shared.get(key) === use) shared.delete(key);
  }
  use.session.catch(forget);
  shared.set(key, use);
  return use;
}

function closeWhenIdle(use: Shared): void {
  use.idle = setTimeout(() => use.session.then((session) => session.close()).catch(() => undefined), idleMs);
  use.idle.unref();
}

/** `SHA256:…` of a host's public key, as OpenSSH prints it. */
function fingerprintOf(hostKey: Buffer): string {
  return `SHA256:${createHash('sha256').update(hostKey).digest('base64').replace(/=+$/, '')}`;
}

function connect(config: SftpConfig, onClose: () => void): Promise<Opened> {
  const client = new Client();
  const lost = new AbortController();
  const where = `${config.host}:${config.port ?? 22}`;
  const pinned = config.hostKey.replace(/=$/, '');
  let offered = '';
  return new Promise((resolve, reject) => {
    client.on('error', (error: Error & { level?: string }) => {
      const changed = offered !== '' && offered !== pinned;
      reject(changed ? hostKeyChanged(pinned, offered) : connectTrouble(error, config, where));
    });
    client.on('close', () => {
      onClose();
      const error = dropzoneError('unreachable', where);
      lost.abort(error);
      reject(error);
    });
    client.on('ready', () => {
      // Small requests are answered one by one; Nagle's algorithm would hold each back for some 40 ms.
      client.setNoDelay(true);
      client.sftp((error, sftp) => {
        if (!error) return resolve(opened(client, sftp, lost.signal, where));
        reject(noSftp(where, error));
        client.end();
      });
    });
    const hostVerifier = (key: Buffer) => {
      offered = fingerprintOf(key);
      return offered === pinned;
    };
    try {
      client.connect({ ...loginOf(config), hostVerifier });
    } catch (error) {
      reject(unusableKey(error));
    }
  });
}

function loginOf(config: SftpConfig): ConnectConfig {
  return {
    host: config.host,
    port: config.port ?? 22,
    username: config.username,
    ...(config.password !== undefined && { password: config.password }),
    ...(config.privateKey !== undefined && { privateKey: config.privateKey }),
    ...(config.passphrase !== undefined && { passphrase: config.passphrase }),
    readyTimeout: connectMs,
    keepaliveInterval: 5_000,
    keepaliveCountMax: 3,
  };
}

function connectTrouble(error: Error & { level?: string }, config: SftpConfig, where: string): MillraceError {
  if (error.level === 'client-authentication') {
    const message = `${where} refused the login of “${config.username}”: wrong user name, password or key.`;
    return new MillraceError('LOGIN_REFUSED', message, { category: 'auth', cause: error });
  }
  return dropzoneError('unreachable', where, error);
}

function hostKeyChanged(pinned: string, offered: string): MillraceError {
  const message =
    `The server's host key is ${offered}, but the connection pins ${pinned}; ` +
    'nothing was sent. Ask the server’s operator whether its key was changed, and only then pin the new one.';
  return new MillraceError('HOST_KEY_CHANGED', message, { category: 'auth', pointer: '/hostKey' });
}

function unusableKey(cause: unknown): MillraceError {
  const message = 'The private key cannot be used: it is in no known format, or its passphrase is missing or wrong.';
  return new MillraceError('PRIVATE_KEY_UNUSABLE', message, { category: 'auth', pointer: '/privateKey', cause });
}

function noSftp(where: string, cause: Error): MillraceError {
  const message = `${where} accepts the login but offers no SFTP.`;
  return new MillraceError('NO_SFTP', message, { category: 'auth', cause });
}

function opened(client: Client, sftp: SFTPWrapper, lost: AbortSignal, where: string): Opened {
  return {
    close: () => client.end(),
    async ask(signal, request) {
      if (lost.aborted) throw lost.reason;
      if (signal.aborted) throw cancelled(signal.reason);
      const stalled = AbortSignal.timeout(operationMs);
      try {
        return await answer(sftp, AbortSignal.any([signal, lost, stalled]), request);
      } catch (error) {
        if (lost.aborted) throw lost.reason;
        if (signal.aborted) throw cancelled(error);
        if (!stalled.aborted) throw error;
        client.destroy();
        throw dropzoneError('unreachable', where, error);
      }
    },
  };
}

function answer<T>(sftp: SFTPWrapper, ending: AbortSignal, request: Request<T>): Promise<T> {
  return unlessAborted(
    new Promise<T>((resolve, reject) => request(sftp, (error, value) => (error ? reject(error) : resolve(value)))),
    ending,
  );
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
