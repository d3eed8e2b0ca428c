import { type Json, MillraceError, writeJson } from '@millrace/contract';
import { addressBelow, baseOf, ifBelow } from '../http-connection/base.ts';
import type { HttpConnection } from '../http-connection/config.ts';
import { putLogin } from '../http-connection/login.ts';
import type { HttpRequestConfig } from './config.ts';

export interface HttpRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body?: string;
  /** Carrying it out twice may do something twice. */
  readonly writes: boolean;
}

/**
 * The request that a config describes. No error of it repeats an address or a header's value: both may hold secrets.
 * Errors: `URL_INVALID`, `HEADER_INVALID`, `BODY_NOT_ALLOWED`, `CONNECTION_ADDRESS`.
 * @param connection where the node has one: its login goes nowhere but to its own system
 */
export function requestOf(
  config: HttpRequestConfig,
  idempotencyKey: string,
  connection: HttpConnection | undefined,
): HttpRequest {
  const method = config.method ?? 'GET';
  const writes = method !== 'GET' && method !== 'HEAD';
  const body = config.body as Json | undefined;
  if (body !== undefined && !writes)
    throw new MillraceError('BODY_NOT_ALLOWED', `${method} sends no body.`, { pointer: '/body' });
  const headers = headersOf(config.headers ?? {});
  if (writes) setDefault(headers, config.idempotencyHeader ?? 'Idempotency-Key', idempotencyKey);
  if (body !== undefined && typeof body !== 'string') setDefault(headers, 'Content-Type', 'application/json');
  const { url, login } = targetOf(config, connection);
  if (login) putLogin(login, url, headers);
  return { url, method, headers, writes, ...(body !== undefined && { body: textOf(body) }) };
}

/** Who is asked for what, as far as it may be shown: paths and queries hold keys often enough. */
export function described({ method, url }: HttpRequest): string {
  return `${method} ${url.origin}`;
}

/** Where the request goes, and the connection whose login goes along. */
function targetOf(
  { url: text, query, elsewhere = false }: HttpRequestConfig,
  connection: HttpConnection | undefined,
): { readonly url: URL; readonly login?: HttpConnection } {
  const target = connection && belowOf(connection, text, elsewhere);
  const { url } = target ?? { url: absolute(text) };
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, String(value));
  return target ?? { url };
}

function belowOf(login: HttpConnection, text: string, elsewhere: boolean) {
  const base = baseOf(login.baseUrl);
  const url = elsewhere ? ifBelow(base, text) : addressBelow(base, text);
  return url && { url, login };
}

function absolute(text: string): URL {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw urlInvalid('The address is no absolute http or https address.');
  if (url.username || url.password)
    throw urlInvalid('The address holds a user name or password; send them as a header.');
  return url;
}

function urlInvalid(message: string): MillraceError {
  return new MillraceError('URL_INVALID', message, { pointer: '/url' });
}

function headersOf(entries: Readonly<Record<string, string>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(entries)) setHeader(headers, name, value);
  return headers;
}

function setHeader(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value);
  } catch {
    // The platform's error repeats the value, so it is not kept as the cause.
    throw new MillraceError('HEADER_INVALID', `Header “${name}” has a name or value that HTTP does not allow.`, {
      pointer: '/headers',
    });
  }
}

function setDefault(headers: Headers, name: string, value: string): void {
  if (!headers.has(name)) headers.set(name, value);
}

function textOf(body: Json): string {
  return typeof body === 'string' ? body : writeJson(body);
}
