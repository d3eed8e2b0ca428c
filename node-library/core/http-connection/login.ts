import { MillraceError } from '@millrace/contract';
import type { HttpConnection } from './config.ts';

/**
 * Puts the connection's headers, where the request has none of the name, and its login into a request.
 * @throws {MillraceError} `HEADER_INVALID`
 */
export function putLogin(connection: HttpConnection, url: URL, headers: Headers): void {
  try {
    logIn(connection, url, headers);
  } catch {
    // The platform's error repeats what is secret, so it is not kept as the cause.
    throw new MillraceError(
      'HEADER_INVALID',
      'The login of the connection holds what HTTP does not allow in a header.',
    );
  }
}

function logIn(connection: HttpConnection, url: URL, headers: Headers): void {
  for (const [name, value] of Object.entries(connection.headers ?? {}))
    if (!headers.has(name)) headers.set(name, value);
  const login = loginHeader(connection);
  if (login) headers.set(...login);
  if (connection.auth === 'query') url.searchParams.set(connection.name, connection.key);
}

function loginHeader(connection: HttpConnection): [name: string, value: string] | undefined {
  if (connection.auth === 'bearer') return ['Authorization', `Bearer ${connection.token}`];
  if (connection.accessToken !== undefined) return ['Authorization', `Bearer ${connection.accessToken}`];
  if (connection.auth === 'header') return [connection.name, connection.key];
  if (connection.auth !== 'basic') return undefined;
  const { username, password } = connection;
  return ['Authorization', `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`];
}
