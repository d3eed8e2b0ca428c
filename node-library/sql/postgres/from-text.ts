import { MillraceError } from '@millrace/contract';
import Value from 'typebox/value';
import { PostgresConfig } from './config.ts';

/** `sslmode` of libpq; what would encrypt without checking whom one speaks to is not offered. */
const modes: Readonly<Record<string, PostgresConfig['encryption']>> = { disable: 'none', 'verify-full': 'verified' };

/**
 * A database from one line: `postgres://user:password@host[:port]/database[?sslmode=disable|verify-full]`.
 * @throws {MillraceError} `BAD_CONNECTION_TEXT` with the field that is wrong as its pointer; the text is not repeated
 *   because it may hold a password
 */
export function postgresFromText(text: string): PostgresConfig {
  const url = URL.parse(text.trim());
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === '')
    throw bad('', 'Give postgres://user:password@host/database.');
  const encryption = modes[url.searchParams.get('sslmode') ?? 'verify-full'];
  if (!encryption) throw bad('/encryption', 'sslmode is verify-full (the default) or disable.');
  const config = {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    database: decoded(url.pathname.slice(1), '/database'),
    username: decoded(url.username, '/username'),
    encryption,
    ...(url.port !== '' && { port: Number(url.port) }),
    ...(url.password !== '' && { password: decoded(url.password, '/password') }),
  };
  const [problem] = Value.Errors(PostgresConfig, config);
  if (problem) throw bad(problem.instancePath, `“${problem.instancePath.slice(1)}” ${problem.message}.`);
  return config;
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
