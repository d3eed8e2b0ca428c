import { MillraceError } from '@millrace/contract';
import Value from 'typebox/value';
import { type Security, SmtpConfig } from './config.ts';

/** `smtps` encrypts from the first byte, `smtp` by STARTTLS; `smtp+insecure` not at all. */
const schemes: Readonly<Record<string, Security>> = {
  'smtps:': 'tls',
  'smtp:': 'starttls',
  'smtp+insecure:': 'none',
};

/**
 * A mail server from one line: `smtps://user:password@host[:port]?from=orders@example.com`.
 * @throws {MillraceError} `BAD_CONNECTION_TEXT` with the field that is wrong as its pointer; the text is not repeated
 *   because it may hold a password
 */
export function smtpFromText(text: string): SmtpConfig {
  const url = URL.parse(text.trim());
  const security = url ? schemes[url.protocol] : undefined;
  if (!url || !security || url.hostname === '')
    throw bad('', 'Give smtps://user:password@host?from=sender@example.com (or smtp:// for STARTTLS).');
  const config = {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    security,
    from: url.searchParams.get('from') ?? '',
    ...(url.port !== '' && { port: Number(url.port) }),
    ...(url.username !== '' && { username: decoded(url.username, '/username') }),
    ...(url.password !== '' && { password: decoded(url.password, '/password') }),
  };
  const [problem] = Value.Errors(SmtpConfig, config);
  if (!problem) return config;
  const pointer = problem.instancePath;
  throw bad(
    pointer,
    pointer === '/from' ? 'Add ?from=sender@example.com.' : `“${pointer.slice(1)}” ${problem.message}.`,
  );
}

function decoded(part: string, pointer: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw bad(pointer, 'This part holds a “%” that is no percent-encoding; write it as %25.');
  }
}

function bad(pointer: string, message: string): MillraceError {
  return new MillraceError('BAD_CONNECTION_TEXT', message, { pointer });
}
