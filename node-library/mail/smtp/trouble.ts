import { type ErrorCategory, MillraceError } from '@millrace/contract';

/** What nodemailer's connection throws; codes: https://nodemailer.com/errors/ */
interface SmtpTrouble {
  readonly code?: unknown;
  /** The server's reply with its text, and the reply's code (RFC 5321, 4.2). */
  readonly response?: unknown;
  readonly responseCode?: unknown;
  readonly command?: unknown;
}

const maxReplyLength = 300;

/** Replies by which a server asks who is there, or does not believe it (RFC 4954, 6). */
const authReplies = new Set([530, 534, 535, 538]);

/**
 * An SMTP failure as an error of ours: `SMTP_<reply code>` where the server has answered, otherwise `SMTP_UNREACHABLE`,
 * `SMTP_TLS_FAILED`, `SMTP_LOGIN_REFUSED` or `MAIL_TOO_LARGE`.
 */
export function smtpError(thrown: unknown, server: string): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  const { code, responseCode, response, command } = (thrown ?? {}) as SmtpTrouble;
  if (typeof responseCode === 'number' && responseCode >= 400)
    return replyError(responseCode, String(response ?? ''), server, String(command ?? ''));
  if (code === 'ETLS') return tlsFailed(server, thrown);
  if (code === 'EAUTH') return loginRefused(server, thrown);
  if (code === 'EMESSAGE')
    return new MillraceError('MAIL_TOO_LARGE', `The message is larger than ${server} accepts.`, { cause: thrown });
  return isCertificateTrouble(thrown) ? tlsFailed(server, thrown) : unreachable(server, thrown);
}

function replyError(reply: number, text: string, server: string, command: string): MillraceError {
  const during = command === '' ? '' : ` to ${command.split(/\s/)[0]}`;
  return new MillraceError(`SMTP_${reply}`, `${server} answered ${reply}${during}.`, {
    category: categoryOf(reply),
    details: { reply, text: text.slice(0, maxReplyLength) },
  });
}

/** 4xx is worth another attempt by the protocol's own words (RFC 5321, 4.2.1); 5xx is not. */
function categoryOf(reply: number): ErrorCategory {
  if (reply < 500) return 'transient';
  return authReplies.has(reply) ? 'auth' : 'validation';
}

function tlsFailed(server: string, cause: unknown): MillraceError {
  return new MillraceError(
    'SMTP_TLS_FAILED',
    `No trusted encrypted connection to ${server} came about; its certificate or its encryption is not as the connection says.`,
    { category: 'auth', cause },
  );
}

function loginRefused(server: string, cause: unknown): MillraceError {
  const message = `${server} offers no way to log in with a user name and password.`;
  return new MillraceError('SMTP_LOGIN_REFUSED', message, { category: 'auth', cause });
}

function unreachable(server: string, cause: unknown): MillraceError {
  return new MillraceError(
    'SMTP_UNREACHABLE',
    `${server} cannot be reached, or broke the connection off; check host, port and encryption, and that it is running.`,
    {
      category: 'transient',
      cause,
    },
  );
}

/** OpenSSL's and Node's names for certificates that are not to be trusted. */
function isCertificateTrouble(thrown: unknown): boolean {
  const { code, originalCode } = (thrown ?? {}) as { code?: unknown; originalCode?: unknown };
  return [code, originalCode].some((name) => /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/.test(String(name)));
}

export function cancelled(): MillraceError {
  return new MillraceError('CANCELLED', 'The step was cancelled while it spoke to the mail server.', {
    category: 'cancelled',
  });
}
