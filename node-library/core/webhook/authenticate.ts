import { type Authentication, type InboundRequest, MillraceError } from '@millrace/contract';
import type { Signature } from './config.ts';
import { isSame } from './constant-time.ts';
import { hmacOf } from './hmac.ts';
import { linkRefusal } from './link.ts';
import { secretsOf, type WebhookSecret } from './secret.ts';
import { type StandardMessage, standardHeaders, standardSignature } from './standard-webhooks.ts';

type Scheme<Name> = Extract<Signature, { readonly scheme: Name }>;

/** Signatures that are looked at in one request; more than a change-over of secrets ever needs. */
const mostSignatures = 8;
const longestEventId = 500;

/** Whether the sender knows a secret of the connection. Without a connection nobody does. */
export function authenticateSender(
  request: InboundRequest,
  signature: Signature,
  known: WebhookSecret | undefined,
  now: Date,
): Authentication {
  if (signature.scheme === 'none') return { ok: true };
  if (!known) return refused('the trigger has no connection with the secret');
  const secrets = secretsOf(known);
  switch (signature.scheme) {
    case 'hmac':
      return byHmac(request, signature, secrets, now);
    case 'standard-webhooks':
      return byStandardWebhook(request, signature, secrets, now);
    case 'link':
      return byLink(request, secrets, now);
    case 'bearer':
      return byCredential(
        authorization(request),
        secrets.map((secret) => `bearer ${secret}`),
      );
    case 'header':
      return byCredential(textOf(request, signature.header), secrets);
    case 'basic':
      return byCredential(
        authorization(request),
        secrets.map((secret) => basic(signature.username, secret)),
      );
  }
}

function byHmac(
  request: InboundRequest,
  scheme: Scheme<'hmac'>,
  secrets: readonly string[],
  now: Date,
): Authentication {
  const given = textOf(request, scheme.header);
  if (given === undefined) return refused(`the header “${scheme.header}” is missing`);
  const timestamp = scheme.timestamp ? (textOf(request, scheme.timestamp.header) ?? '') : '';
  if (scheme.timestamp && !isRecent(timestamp, scheme.tolerance, now)) return refused('the timestamp is not recent');
  const { prefix = '', encoding = 'hex' } = scheme;
  if (!given.startsWith(prefix)) return refused('the signature lacks its prefix');
  const signature = Buffer.from(given.slice(prefix.length), encoding);
  return secrets.some((secret) => isSame(hmacOf(scheme, secret, request.body, timestamp), signature))
    ? { ok: true }
    : refused('the signature is wrong');
}

function byStandardWebhook(
  request: InboundRequest,
  { tolerance }: Scheme<'standard-webhooks'>,
  secrets: readonly string[],
  now: Date,
): Authentication {
  const id = textOf(request, standardHeaders.id);
  const timestamp = textOf(request, standardHeaders.timestamp) ?? '';
  const given = textOf(request, standardHeaders.signature);
  if (!id || id.length > longestEventId || given === undefined) return refused('the id or the signature is missing');
  if (!isRecent(timestamp, tolerance, now)) return refused('the timestamp is not recent');
  const right = signaturesBy(secrets, { id, timestamp, body: request.body });
  if (right.length === 0) return refused('no secret of the connection is one of Standard Webhooks');
  const signatures = given.split(' ').filter((one) => one.startsWith('v1,'));
  const isRight = (signature: string) => right.some((one) => isSame(one, Buffer.from(signature.slice(3), 'base64')));
  return signatures.slice(0, mostSignatures).some(isRight)
    ? { ok: true, eventId: id }
    : refused('no signature is right');
}

/** By each secret that can be used: one of another form signs nothing. */
function signaturesBy(secrets: readonly string[], message: StandardMessage): Uint8Array[] {
  return secrets.flatMap((secret) => {
    try {
      return [standardSignature(secret, message)];
    } catch (thrown) {
      if (thrown instanceof MillraceError) return [];
      throw thrown;
    }
  });
}

function byLink({ url }: InboundRequest, secrets: readonly string[], now: Date): Authentication {
  const refusal = linkRefusal(url, secrets, now);
  return refusal === undefined ? { ok: true } : refused(refusal);
}

function byCredential(given: string | undefined, valid: readonly string[]): Authentication {
  if (given === undefined) return refused('the credentials are missing');
  return valid.some((credential) => isSame(credential, given)) ? { ok: true } : refused('the credentials are wrong');
}

function basic(username: string, password: string): string {
  return `basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** With the scheme in lower case, since HTTP does not care how it is written. */
function authorization(request: InboundRequest): string | undefined {
  return textOf(request, 'authorization')?.replace(/^\S+/, (scheme) => scheme.toLowerCase());
}

/** Seconds since 1970, as the schemes have it. */
function isRecent(timestamp: string, tolerance = 300, now: Date): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(now.getTime() / 1000 - Number(timestamp)) <= tolerance;
}

/** A header that came several times says nothing for certain. */
function textOf({ headers }: InboundRequest, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return typeof value === 'string' ? value : undefined;
}

function refused(reason: string): Authentication {
  return { ok: false, reason };
}
