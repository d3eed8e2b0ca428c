import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import { MillraceError, type Network } from '@millrace/contract';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { portOf, type SmtpConfig } from './config.ts';
import { cancelled, smtpError } from './trouble.ts';

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** What the server said to each recipient of a message that it took. */
export interface Taken {
  readonly accepted: readonly string[];
  readonly rejected: readonly { readonly address: string; readonly reply: string }[];
}

/** A connection to a mail server, logged in. */
export interface Session {
  /** Resolves when the server has taken the responsibility for the message (RFC 5321, 6.1). */
  send(envelope: Envelope, message: Readable): Promise<Taken>;
}

/** What a session is opened with. */
export interface Access {
  readonly signal: AbortSignal;
  readonly network: Pick<Network, 'resolve'>;
}

/** Milliseconds: to be connected, to be greeted, and without a byte in either direction. */
const times = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 60_000 };

/**
 * Works with a server, and says goodbye. No message leaves unencrypted, except to this very machine.
 * @throws {MillraceError} `SMTP_…` (see `trouble.ts`), `SMTP_UNENCRYPTED_REFUSED`, `CANCELLED`
 */
export async function withSession<T>(
  config: SmtpConfig,
  { signal, network }: Access,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  refuseUnencrypted(config);
  const connection = new SMTPConnection(optionsOf(config, await network.resolve(config.host)));
  const { promise: broken, reject: breakOff } = Promise.withResolvers<never>();
  broken.catch(() => undefined);
  connection.on('error', breakOff);
  const abort = () => breakOff(cancelled());
  signal.addEventListener('abort', abort);
  try {
    if (signal.aborted) throw cancelled();
    await Promise.race([logIn(connection, config), broken]);
    const session: Session = {
      send: (envelope, message) => Promise.race([send(connection, envelope, message), broken]),
    };
    const result = await work(session);
    connection.quit();
    return result;
  } catch (thrown) {
    connection.close();
    throw smtpError(thrown, serverOf(config));
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** It connects to the address that was allowed; the certificate is checked against the name. */
function optionsOf(config: SmtpConfig, address: string): SMTPConnection.Options {
  const { host, security, certificateAuthority: ca } = config;
  return {
    host: address,
    port: portOf(config),
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { minVersion: 'TLSv1.2', ...(isIP(host) === 0 && { servername: host }), ...(ca !== undefined && { ca }) },
    ...times,
  };
}

function refuseUnencrypted({ host, security }: SmtpConfig): void {
  if (security !== 'none' || /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(host)) return;
  const message = 'Without encryption only a mail server on this very machine is spoken to; choose tls or starttls.';
  throw new MillraceError('SMTP_UNENCRYPTED_REFUSED', message, { pointer: '/security' });
}

async function logIn(connection: SMTPConnection, { username, password = '' }: SmtpConfig): Promise<void> {
  await settled((done) => connection.connect(done));
  if (username !== undefined) await settled((done) => connection.login({ user: username, pass: password }, done));
}

async function send(connection: SMTPConnection, { from, to }: Envelope, message: Readable): Promise<Taken> {
  const info = await settled<SMTPConnection.SentMessageInfo>((done) =>
    connection.send({ from, to: [...to] }, message, done),
  );
  const rejected = (info.rejectedErrors ?? []).map(({ recipient = '', response = '' }) => ({
    address: recipient,
    reply: response,
  }));
  return { accepted: info.accepted, rejected };
}

/** A callback of nodemailer's as a promise. */
function settled<T>(begin: (done: (error?: Error | null, result?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    begin((error, result) => (error ? reject(error) : resolve(result as T)));
  });
}

/** The server's name, for people. */
export function serverOf(config: SmtpConfig): string {
  return `The mail server ${config.host}:${portOf(config)}`;
}
