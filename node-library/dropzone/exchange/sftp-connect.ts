import { createHash } from 'node:crypto';
import { MillraceError } from '@millrace/contract';
import type { Client, SFTPWrapper } from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import type { SftpConfig } from '../connection/config.ts';
import { dropzoneError } from './trouble.ts';

/** Longest time for TCP, key exchange and login together. */
const connectMs = 10_000;

/** One logged-in connection. */
export interface Connection {
  /** Host and port, for people. */
  readonly where: string;
  readonly client: SftpClient;
  /** The protocol's own requests, for what the client does not offer. */
  readonly sftp: SFTPWrapper;
  /** Aborted when the connection is gone; the reason is the error for everything under way. */
  readonly lost: AbortSignal;
  /** Ends the connection in the orderly way. */
  close(): void;
  /** Cuts a connection that does not answer any more. */
  cut(): void;
}

/** The client with the SSH connection that it works on, which its types leave out. */
type OverSsh = SftpClient & { readonly client: Client };

/**
 * Logs in, where the server shows the pinned host key.
 * Errors: `HOST_KEY_CHANGED`, `LOGIN_REFUSED`, `PRIVATE_KEY_UNUSABLE`, `NO_SFTP`, `DROPZONE_UNREACHABLE`.
 */
export async function connect(config: SftpConfig): Promise<Connection> {
  // Without handlers of ours (none are needed, see `lossOf`) the client would write to the console.
  const client = new SftpClient('dropzone', {}) as OverSsh;
  const where = `${config.host}:${config.port ?? 22}`;
  const lost = lossOf(client, where);
  const hostKey = pinnedHostKey(config.hostKey.replace(/=$/, ''));
  let loggedIn = false;
  client.on('ready', () => {
    loggedIn = true;
  });
  try {
    const sftp = await client.connect({ ...loginOf(config), hostVerifier: hostKey.verify });
    return opened(where, client, sftp, lost);
  } catch (error) {
    client.client.destroy();
    hostKey.throwIfChanged();
    if (lost.signal.aborted) throw connectTrouble(lost.signal.reason, where, config.username);
    // Nothing was said about the connection: the server has no SFTP, or the client did not even begin.
    throw loggedIn ? noSftp(where, error) : unusableKey(error);
  }
}

function pinnedHostKey(pinned: string) {
  let offered: string | undefined;
  return {
    verify(key: Buffer): boolean {
      offered = fingerprintOf(key);
      return offered === pinned;
    },
    /** The client's error does not say which key was offered. */
    throwIfChanged(): void {
      if (offered !== undefined && offered !== pinned) throw hostKeyChanged(pinned, offered);
    },
  };
}

interface Loss {
  readonly signal: AbortSignal;
  readonly note: (cause?: Error) => void;
}

/** The client tells a loss to one of the operations under way only; here every one of them can hear of it. */
function lossOf(client: OverSsh, where: string): Loss {
  const lost = new AbortController();
  const note = (cause?: Error) => {
    lost.abort(dropzoneError('unreachable', where, cause));
    client.client.end();
  };
  for (const event of ['error', 'end', 'close']) client.on(event, note);
  return { signal: lost.signal, note };
}

function opened(where: string, client: OverSsh, sftp: SFTPWrapper, lost: Loss): Connection {
  // The server may end SFTP alone and leave the connection standing.
  sftp.on('end', () => lost.note());
  // Small requests are answered one by one; Nagle's algorithm would hold each back for some 40 ms.
  client.client.setNoDelay(true);
  // Each operation under way listens for the end of the connection, and many share it.
  client.client.setMaxListeners(0);
  return {
    where,
    client,
    sftp,
    lost: lost.signal,
    // Where the goodbye fails, the connection is gone all the same.
    close: () => void client.end().catch(() => undefined),
    cut: () => void client.client.destroy(),
  };
}

function loginOf(config: SftpConfig): SftpClient.ConnectOptions {
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

/** `SHA256:…` of a host's public key, as OpenSSH prints it. */
function fingerprintOf(hostKey: Buffer): string {
  return `SHA256:${createHash('sha256').update(hostKey).digest('base64').replace(/=+$/, '')}`;
}

function connectTrouble(loss: MillraceError, where: string, username: string): MillraceError {
  const { cause } = loss.options;
  if ((cause as { level?: unknown } | undefined)?.level !== 'client-authentication') return loss;
  const message = `${where} refused the login of “${username}”: wrong user name, password or key.`;
  return new MillraceError('LOGIN_REFUSED', message, { category: 'auth', cause });
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

function noSftp(where: string, cause: unknown): MillraceError {
  const message = `${where} accepts the login but offers no SFTP.`;
  return new MillraceError('NO_SFTP', message, { category: 'auth', cause });
}
