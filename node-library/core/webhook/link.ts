import { createHmac } from 'node:crypto';
import { isSame } from './constant-time.ts';

/** Query parameters of a signed link. The signature is dropped when a request is taken in: a run's data never shows it. */
const names = { expires: 'expires', signature: 'millrace-signature' } as const;

/**
 * The address with its expiry and signature in the query. What is signed is its path and the expiry: host and scheme may be
 * those of a proxy, and a tenant's name is part of the path.
 * @param address absolute, without a query
 */
export function signedLink(address: URL, secret: string, expiresAt: Date): string {
  const expires = String(Math.floor(expiresAt.getTime() / 1000));
  const link = new URL(address);
  link.searchParams.set(names.expires, expires);
  link.searchParams.set(names.signature, signatureOf(secret, address.pathname, expires).toString('base64url'));
  return link.href;
}

/** Why the link is not to be believed; nothing where it is. @param url path and query, as they were sent */
export function linkRefusal(url: string, secrets: readonly string[], now: Date): string | undefined {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const [expires, signature] = [searchParams.getAll(names.expires), searchParams.getAll(names.signature)];
  if (expires.length !== 1 || signature.length !== 1) return 'the link carries no signature';
  const given = Buffer.from(signature[0] as string, 'base64url');
  const isRight = (secret: string) => isSame(signatureOf(secret, pathname, expires[0] as string), given);
  if (!secrets.some(isRight)) return 'the link’s signature is wrong';
  return Number(expires[0]) * 1000 > now.getTime() ? undefined : 'the link has expired';
}

/** Begins with a text of its own, so that no signature of a body can be taken for one of a link. */
function signatureOf(secret: string, path: string, expires: string): Buffer {
  return createHmac('sha256', secret).update(`millrace-link\n${path}\n${expires}`).digest();
}
