import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Why a request is refused, as S3 says it. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
}

const maxSkewMs = 15 * 60_000;
const form =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

/**
 * Checks a request's Signature Version 4 in the `Authorization` header, written from “Authenticating Requests: Using the
 * Authorization Header” of the Amazon S3 API reference, without any code of the SDK. Content in signed chunks
 * (`STREAMING-…`) is refused as not implemented.
 * @returns why it is refused; nothing where it is authentic
 */
export function refusalOf(request: WireRequest, credentials: Credentials, now: Date): Refusal | undefined {
  const { headers } = request;
  const [, accessKey, day = '', region = '', names = '', signature = ''] = form.exec(headers.authorization ?? '') ?? [];
  if (accessKey === undefined) return { status: 403, code: 'AccessDenied' };
  if (accessKey !== credentials.accessKeyId) return { status: 403, code: 'InvalidAccessKeyId' };
  const time = headers['x-amz-date'] ?? '';
  if (!time.startsWith(day) || !(Math.abs(instantOf(time) - now.getTime()) <= maxSkewMs))
    return { status: 403, code: 'RequestTimeTooSkewed' };
  const signed = names.split(';');
  if (!coversAll(headers, signed)) return { status: 403, code: 'AccessDenied' };
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical(request, signed))].join('\n');
  const expected = hmac(signingKey(credentials.secretAccessKey, day, region), toSign);
  if (!timingSafeEqual(expected, Buffer.from(signature, 'hex'))) return { status: 403, code: 'SignatureDoesNotMatch' };
  return contentRefusal(request);
}

/** The host and every `x-amz-` header must be signed, or somebody on the way could change them. */
function coversAll(headers: WireRequest['headers'], signed: readonly string[]): boolean {
  const must = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
  return must.includes('host') && must.every((name) => signed.includes(name));
}

function contentRefusal({ headers, body }: WireRequest): Refusal | undefined {
  const declared = headers['x-amz-content-sha256'] ?? '';
  if (declared.startsWith('STREAMING-')) return { status: 501, code: 'NotImplemented' };
  if (declared === 'UNSIGNED-PAYLOAD' || declared === sha256(body)) return undefined;
  return { status: 400, code: 'XAmzContentSHA256Mismatch' };
}

function canonical({ method, target, headers }: WireRequest, signed: readonly string[]): string {
  const [path = '', query = ''] = target.split('?', 2);
  const lines = signed.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  return [
    method,
    path.split('/').map(normal).join('/'),
    canonicalQuery(query),
    lines.join(''),
    signed.join(';'),
    headers['x-amz-content-sha256'] ?? '',
  ].join('\n');
}

function canonicalQuery(query: string): string {
  const pairs = query.split('&').filter(Boolean);
  const normalPairs = pairs.map((pair) => {
    const [name = '', value = ''] = pair.split('=', 2);
    return `${normal(name)}=${normal(value)}`;
  });
  return normalPairs.sort().join('&');
}

/** Percent-encoded but for the unreserved characters, whatever the sender has left as it is. */
function normal(part: string): string {
  const encoded = encodeURIComponent(decodeURIComponent(part));
  return encoded.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function signingKey(secret: string, day: string, region: string): Buffer {
  return [day, region, 's3', 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Milliseconds of `20261121T093000Z`; not a number where the text is no such time. */
function instantOf(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
