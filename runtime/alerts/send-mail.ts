import { MillraceError } from '@millrace/contract';
import { createTransport } from 'nodemailer';

/** The instance's mail server. */
export interface MailServer {
  /** `smtp://` or `smtps://`, with user and password where the server asks for them. */
  readonly url: string;
  /** Sender. */
  readonly from: string;
}

export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** The same at every attempt; without it the mail is of its own. */
  readonly messageId?: string;
}

const patienceMs = 20_000;
const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** @throws {MillraceError} `MAIL_NOT_CONFIGURED`, `MAIL_FAILED` */
export async function sendMail(server: MailServer | undefined, { to, ...mail }: Mail): Promise<void> {
  if (!server)
    throw new MillraceError('MAIL_NOT_CONFIGURED', 'This instance has no mail server: MILLRACE_SMTP_URL is not set.');
  const transport = createTransport(transportOptions(server));
  try {
    const limits = { disableFileAccess: true, disableUrlAccess: true };
    await transport.sendMail({ from: server.from, to: [...to], ...mail, ...limits });
  } catch (cause) {
    throw mailFailed(cause);
  } finally {
    transport.close();
  }
}

/** A password is said over an encrypted connection only, unless the server is on this machine. */
function transportOptions({ url }: MailServer) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const auth = username !== '' && { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && auth !== false && !loopback.has(hostname),
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    ...(auth && { auth }),
  };
}

/** What the server answers may quote the login; its code may not. */
function mailFailed(cause: unknown): MillraceError {
  const { code = 'unknown', responseCode } = cause as { code?: string; responseCode?: number };
  const answer = responseCode === undefined ? code : `${responseCode}`;
  return new MillraceError('MAIL_FAILED', `The mail server did not take the message (${answer}).`, {
    category: 'transient',
    cause,
  });
}
