import { once, setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { MillraceError } from '@millrace/contract';
import type { Client, ConnectConfig, SFTPWrapper } from 'ssh2';
import type { SftpConfig } from '../connection/config.ts';
import { exchangeError } from '../trouble.ts';
import { pinnedHostKey } from './host-key.ts';
import { type AddressGuard, connectGuarded } from './socket.ts';

/** Longest time for TCP, and again for key exchange and login together. */
const connectMs = 10_000;

/** One logged-in connection. */
export interface Connection {
  /** The address connected to. */
  readonly address: string;
  readonly sftp: SFTPWrapper;
  /** Aborted when the connection is gone; the reason is the error for everything under way. */
  readonly lost: AbortSignal;
  /** Ends the connection in the orderly way. */
  close(): void;
  /** Gives up a connection that does not answer any more; whoever comes next gets another one. */
  giveUp(): void;
}

/**
 * Logs in, where the guard lets the address pass and the server shows the pinned host key.
 * Errors: `ADDRESS_REFUSED`, `HOST_KEY_CHANGED`, `LOGIN_REFUSED`, `PRIVATE_KEY_UNUSABLE`, `NO_SFTP`,
 * `EXCHANGE_UNREACHABLE`.
 */
export async function connect(
  config: SftpConfig,
  { guard, answerMs }: { readonly guard: AddressGuard | undefined; readonly answerMs: number },
): Promise<Connection> {
  const where = `${config.host}:${config.port ?? 22}`;
  // Loaded when somebody logs in: whoever has no SFTP does without its cryptography.
  const { Client } = await import('ssh2');
  const socket = await socketTo(config, where, guard);
  // The address is asked for now: a socket that is closed has none.
  const address = socket.remoteAddress ?? config.host;
  const ssh = new Client();
  const loss = lossOf(ssh, where);
  try {
    await logIn(ssh, socket, config, loss);
    return opened(address, ssh, await startSftp(ssh, where, loss, answerMs), loss);
  } catch (error) {
    ssh.destroy();
    socket.destroy();
    throw error;
  }
}

async function socketTo(config: SftpConfig, where: string, guard: AddressGuard | undefined): Promise<Socket> {
  try {
    return await connectGuarded(config.host, config.port ?? 22, AbortSignal.timeout(connectMs), guard);
  } catch (error) {
    if (error instanceof MillraceError) throw error;
    throw exchangeError('unreachable', where, error);
  }
}

async function logIn(ssh: Client, sock: Socket, config: SftpConfig, loss: Loss): Promise<void> {
  const hostKey = pinnedHostKey(config.hostKey);
  const ready = once(ssh, 'ready', { signal: loss.signal });
  ready.catch(() => undefined);
  begin(ssh, { ...loginOf(config), sock, hostVerifier: (key: Buffer) => hostKey.verify(key) });
  try {
    await ready;
  } catch {
    hostKey.throwIfChanged();
    throw loginTrouble(loss.signal.reason, `${config.host}:${config.port ?? 22}`, config.username);
  }
}

/** What the client refuses before it sends anything is a key that it cannot read. */
function begin(ssh: Client, options: ConnectConfig): void {
  try {
    ssh.connect(options);
  } catch (cause) {
    const message = 'The private key cannot be used: it is in no known format, or its passphrase is missing or wrong.';
    throw new MillraceError('PRIVATE_KEY_UNUSABLE', message, { category: 'auth', pointer: '/privateKey', cause });
  }
}

function loginOf(config: SftpConfig): ConnectConfig {
  return {
    username: config.username,
    ...(config.password !== undefined && { password: config.password }),
    ...(config.privateKey !== undefined && { privateKey: config.privateKey }),
    ...(config.passphrase !== undefined && { passphrase: config.passphrase }),
    readyTimeout: connectMs,
    keepaliveInterval: 5_000,
    keepaliveCountMax: 3,
  };
}

function loginTrouble(loss: MillraceError, where: string, username: string): MillraceError {
  const { cause } = loss.options;
  if ((cause as { level?: unknown } | undefined)?.level !== 'client-authentication') return loss;
  const message = `${where} refused the login of “${username}”: wrong user name, password or key.`;
  return new MillraceError('LOGIN_REFUSED', message, { category: 'auth', cause });
}

/** The server may be silent, or lost, here as anywhere. */
async function startSftp(ssh: Client, where: string, loss: Loss, answerMs: number): Promise<SFTPWrapper> {
  const stall = setTimeout(() => loss.note({ code: 'ETIMEDOUT' }), answerMs);
  try {
    return await new Promise((resolve, reject) => {
      loss.signal.addEventListener('abort', () => reject(loss.signal.reason));
      ssh.sftp((error, sftp) => (error ? reject(error) : resolve(sftp)));
    });
  } catch (cause) {
    if (loss.signal.aborted) throw loss.signal.reason;
    throw new MillraceError('NO_SFTP', `${where} accepts the login but offers no SFTP.`, { category: 'auth', cause });
  } finally {
    clearTimeout(stall);
  }
}

interface Loss {
  readonly signal: AbortSignal;
  readonly note: (cause?: unknown) => void;
}

/** The first thing that is said about the end of the connection is the reason for everything under way. */
function lossOf(ssh: Client, where: string): Loss {
  const lost = new AbortController();
  // Each request under way listens for the end of the connection, and many share it.
  setMaxListeners(0, lost.signal);
  const note = (cause?: unknown) => {
    lost.abort(exchangeError('unreachable', where, cause));
    ssh.end();
  };
  ssh.on('error', note);
  ssh.on('end', () => note());
  ssh.on('close', () => note());
  return { signal: lost.signal, note };
}

function opened(address: string, ssh: Client, sftp: SFTPWrapper, loss: Loss): Connection {
  // The server may end SFTP alone and leave the connection standing.
  sftp.on('error', loss.note);
  sftp.on('close', () => loss.note());
  // Small requests are answered one by one; Nagle's algorithm would hold each back for some 40 ms.
  ssh.setNoDelay(true);
  function giveUp() {
    // Lost from now on: the socket tells of its end only later.
    loss.note({ code: 'ETIMEDOUT' });
    ssh.destroy();
  }
  return { address, sftp, lost: loss.signal, close: () => void ssh.end(), giveUp };
}
