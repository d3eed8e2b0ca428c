import { createHash } from 'node:crypto';
import { type BlobRef, type Blobs, type Json, type JsonObject, MillraceError } from '@millrace/contract';
import { type FileExchange, measured, readStart } from '@millrace/file-exchange';
import type { Intake } from './fields.ts';
import { jsonOf, textOf } from './parse.ts';

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
 * Reads a file: by reference it is streamed into the payload store, so that its size does not matter.
 * @param name for the payload store and for people
 * @throws {MillraceError} `FILE_TOO_LARGE`, `FILE_NOT_TEXT`, `FILE_NOT_JSON`, `BLOB_TOO_LARGE`, and those of reading
 */
export function takeIn(
  exchange: FileExchange,
  path: string,
  name: string,
  intake: Intake,
  blobs: Blobs,
): Promise<TakenIn> {
  return intake.as === 'file' ? store(exchange, path, name, blobs) : parse(exchange, path, name, intake);
}

async function store(exchange: FileExchange, path: string, name: string, blobs: Blobs): Promise<TakenIn> {
  const { content, result } = measured(exchange.stream(path));
  const ref = await blobs.write(content, { name, mediaType: mediaTypeOf(name) });
  return { ...result(), content: { file: asJson(ref) } };
}

function asJson({ blob, name, mediaType, bytes, sha256 }: BlobRef): Json {
  return { blob, name, mediaType, bytes, sha256 };
}

async function parse(exchange: FileExchange, path: string, name: string, { as, largest }: Intake): Promise<TakenIn> {
  const { bytes, truncated } = await readStart(exchange, path, largest);
  if (truncated) {
    const message = `${JSON.stringify(name)} is larger than ${largest} bytes; take it in as a file, or raise the limit.`;
    throw new MillraceError('FILE_TOO_LARGE', message, { pointer: '/largest' });
  }
  const content: JsonObject = as === 'text' ? { text: textOf(bytes, name) } : { data: jsonOf(bytes, name) };
  return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), content };
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
