import { createHash } from 'node:crypto';
import {
  type BlobRef,
  type Blobs,
  type Json,
  type JsonObject,
  MillraceError,
  type NodeContext,
} from '@millrace/contract';
import { type FileExchange, measured, readStart } from '@millrace/file-exchange';
import type { Intake } from './fields.ts';
import { jsonOf, textOf } from './parse.ts';

export interface FoundFile {
  readonly path: string;
  /** For the payload store and for people. */
  readonly name: string;
  /** Bytes, when it was looked at: it may have grown since. */
  readonly size: number;
}

/** A file's content as a flow gets it. */
export interface TakenIn {
  /** Bytes. */
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  /** `{file}`, `{text}` or `{data}`. */
  readonly content: JsonObject;
}

/**
 * Reads a file: by reference it is streamed into the payload store. What is too large is refused by its size, unread.
 * @throws {MillraceError} `FILE_TOO_LARGE`, `FILE_NOT_TEXT`, `FILE_NOT_JSON`, `BLOB_TOO_LARGE`, and those of reading
 */
export function takeIn(
  exchange: FileExchange,
  file: FoundFile,
  intake: Intake,
  { blobs, tenant }: Pick<NodeContext, 'blobs' | 'tenant'>,
): Promise<TakenIn> {
  return intake.as === 'file' ? store(exchange, file, blobs) : parse(exchange, file, intake, tenant.slug);
}

async function store(exchange: FileExchange, { path, name, size }: FoundFile, blobs: Blobs): Promise<TakenIn> {
  const { content, result } = measured(exchange.stream(path));
  const ref = await blobs.write(content, { name, mediaType: mediaTypeOf(name), bytes: size });
  return { ...result(), content: { file: asJson(ref) } };
}

function asJson({ blob, name, mediaType, bytes, sha256 }: BlobRef): Json {
  return { blob, name, mediaType, bytes, sha256 };
}

async function parse(
  exchange: FileExchange,
  { path, name, size }: FoundFile,
  { as, largest }: Intake,
  tenant: string,
): Promise<TakenIn> {
  if (size > largest) throw tooLarge(name, largest);
  const { bytes, truncated } = await readStart(exchange, path, largest);
  if (truncated) throw tooLarge(name, largest);
  const content: JsonObject =
    as === 'text' ? { text: textOf(bytes, name) } : { data: await jsonOf(bytes, name, tenant) };
  return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), content };
}

function tooLarge(name: string, largest: number): MillraceError {
  const message = `${JSON.stringify(name)} is larger than ${largest} bytes; take it in as a file, or raise the limit.`;
  return new MillraceError('FILE_TOO_LARGE', message, { pointer: '/largest' });
}

const mediaTypes: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  txt: 'text/plain',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
  xml: 'application/xml',
  pdf: 'application/pdf',
  zip: 'application/zip',
};

function mediaTypeOf(name: string): string {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return (Object.hasOwn(mediaTypes, extension) ? mediaTypes[extension] : undefined) ?? 'application/octet-stream';
}
