import { TextDecoder } from 'node:util';
import { type Json, MillraceError } from '@millrace/contract';
import { readJsonOfAnySize } from '@millrace/document-thread';
import type { Answering } from './exchange.ts';
import { jsonOfXml, xmlCharset } from './response-xml.ts';

/** Largest answer that is read where the config does not say, in MB of 1024 × 1024 bytes, after decompression. */
const usualMegabytes = 10;

/** Longest part of a refusing answer that is kept with the error, in characters. */
const maxExcerpt = 2000;

/** An answer whose body was read as far as the bound allows. */
export interface ReadResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  /** False where the body is longer than what is read. */
  readonly complete: boolean;
  /** What is read, in MB. */
  readonly megabytes: number;
}

/** Reads the body up to the bound and lets go of the rest. */
export async function readResponse(answer: Answering, megabytes = usualMegabytes): Promise<ReadResponse> {
  const { status, headers, body } = answer;
  const most = megabytes * 1024 * 1024;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > most) break;
    chunks.push(chunk);
  }
  return { status, headers, bytes: Buffer.concat(chunks), complete: size <= most, megabytes };
}

/**
 * The body as data: parsed where it is JSON or XML, any other text as it is, null where there is none.
 * @param tenant slug of who asked
 * Errors: `RESPONSE_TOO_LARGE`, `RESPONSE_NOT_JSON`, `RESPONSE_NOT_XML`.
 */
export async function dataOf(answer: ReadResponse, tenant: string): Promise<Json> {
  if (!answer.complete) throw tooLarge(answer.megabytes);
  if (answer.bytes.length === 0) return null;
  const text = textOf(answer);
  const type = contentType(answer.headers);
  if (isJson(type)) return parsed(text, tenant);
  return isXml(type) ? jsonOfXml(text, tenant) : text;
}

export function tooLarge(megabytes: number): MillraceError {
  return new MillraceError('RESPONSE_TOO_LARGE', `The answer is larger than ${megabytes} MB.`);
}

/** `Set-Cookie` is left out, because it holds sessions. */
export function shownHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name !== 'set-cookie'));
}

/** The beginning of a refusing answer, for the error's details. */
export function excerptOf(answer: ReadResponse): string {
  const text = textOf(answer);
  return text.length > maxExcerpt ? `${text.slice(0, maxExcerpt)}…` : text;
}

async function parsed(text: string, tenant: string): Promise<Json> {
  try {
    return await readJsonOfAnySize(text, tenant);
  } catch (thrown) {
    if (thrown instanceof MillraceError) throw thrown;
    throw new MillraceError('RESPONSE_NOT_JSON', 'The answer says that it is JSON, and is not.', {
      category: 'server',
    });
  }
}

function contentType(headers: Headers): string {
  return headers.get('content-type') ?? '';
}

function isJson(type: string): boolean {
  return /^\s*(?:application|text)\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type);
}

/** `image/svg+xml` and the like are XML as well. */
function isXml(type: string): boolean {
  return /^\s*(?:(?:application|text)\/xml|[\w.-]+\/[\w.+-]+\+xml)\s*(?:;|$)/i.test(type);
}

/**
 * Decoded as the content type says, else as XML itself says; an unknown or missing charset counts as UTF-8. A byte
 * order mark is dropped.
 */
function textOf(answer: ReadResponse): string {
  const type = contentType(answer.headers);
  const named = /;\s*charset="?([^";\s]+)/i.exec(type)?.[1];
  return decoderFor(named ?? (isXml(type) ? xmlCharset(answer.bytes) : undefined) ?? 'utf-8').decode(answer.bytes);
}

function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
