import type { IncomingMessage } from 'node:http';
import { MillraceError } from '@millrace/contract';

/**
 * A browser sends the session cookie unasked, so that a write by cookie must prove that our own pages sent it: browsers
 * add `Sec-Fetch-Site`, older ones at least `Origin`. Reading is harmless: another site cannot see the answer.
 * @throws {MillraceError} `CROSS_SITE`
 */
export function requireSameOrigin(request: IncomingMessage): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (!isSameOrigin(request)) throw crossSite();
}

/** A form of another site must not sign anybody in or out. @throws {MillraceError} `CROSS_SITE` */
export function requireOwnPage({ headers }: IncomingMessage): void {
  if (headers.origin !== undefined && !hasOwnOrigin(headers)) throw crossSite();
}

/**
 * Nor must a link of another site: who follows it would work in a tenant that somebody else has chosen.
 * @throws {MillraceError} `CROSS_SITE`
 */
export function requireOwnVisit({ headers }: IncomingMessage): void {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  const message = 'Another page has sent you here. Open this address yourself, from a bookmark or by typing it.';
  throw new MillraceError('CROSS_SITE', message, { category: 'auth' });
}

function crossSite(): MillraceError {
  return new MillraceError(
    'CROSS_SITE',
    'This session may be used only by the pages of this instance; use an API key.',
    {
      category: 'auth',
    },
  );
}

/** Neither header says so when the request comes from no browser at all; such a client has no business with cookies. */
function isSameOrigin({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  if (headers.origin !== undefined) return hasOwnOrigin(headers);
  return site === 'same-origin';
}

/** The page's own host and port are those that the request was sent to. */
function hasOwnOrigin({ origin, host }: { origin?: string | undefined; host?: string | undefined }): boolean {
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

/** The other end of the connection is this machine. */
export function isFromThisMachine({ socket }: IncomingMessage): boolean {
  const address = socket.remoteAddress ?? '';
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

/** Addressed by a name that only this machine has: a foreign name that resolves here (DNS rebinding) is not. */
export function isAddressedLocally({ headers }: IncomingMessage): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(headers.host ?? '');
}
