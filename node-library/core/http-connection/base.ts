import { MillraceError } from '@millrace/contract';

/**
 * The base address, ending in a slash. Without encryption only this very machine is called, and that only where the
 * instance allows it.
 * @throws {MillraceError} `CONNECTION_ADDRESS`; the address is not repeated, as it may hold secrets
 */
export function baseOf(baseUrl: string): URL {
  const url = requireSafe(baseUrl, 'base address');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  url.search = '';
  url.hash = '';
  return url;
}

/**
 * An address that secrets may be sent to.
 * @param name of the address, for people
 * @throws {MillraceError} `CONNECTION_ADDRESS`; the address is not repeated, as it may hold secrets
 */
export function requireSafe(address: string, name: string): URL {
  const refused = (why: string) =>
    new MillraceError('CONNECTION_ADDRESS', `The ${name} of the connection ${why}.`, { category: 'auth' });
  const url = URL.parse(address);
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw refused('is no absolute http or https address');
  if (url.username || url.password) throw refused('holds a user name or password; the login has fields of its own');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) throw refused('must begin with https://');
  return url;
}

/**
 * An address below the base: data that is put into a path must not lead out of it.
 * @throws {MillraceError} `URL_INVALID`
 */
export function addressBelow(base: URL, address: string): URL {
  const url = ifBelow(base, address);
  if (url) return url;
  throw new MillraceError('URL_INVALID', `The address does not lie below that of the connection, ${base.origin}.`, {
    pointer: '/url',
  });
}

/** The address where it lies below the base, otherwise nothing. */
export function ifBelow(base: URL, address: string): URL | undefined {
  const url = URL.parse(address.replace(/^\/(?!\/)/, ''), base.href);
  const isBelow = url && url.origin === base.origin && `${url.pathname}/`.startsWith(base.pathname) && !url.username;
  return isBelow ? url : undefined;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
