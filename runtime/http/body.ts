import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';
import { type Json, MillraceError } from '@millrace/contract';
import type { Held } from './held-bodies.ts';
import { parsePayloadOfAnySize } from './payload.ts';

/** Bytes of a request body at most, compressed and decompressed. */
export const maxBodyBytes = 16 * 1024 * 1024;

/**
 * How many times its size a compressed body may become. Real data stays far below; a megabyte is allowed anyway, since
 * small bodies that repeat themselves compress better than any bomb needs to.
 */
const maxRatio = 100;
const alwaysAllowed = 1024 * 1024;

/**
 * The request's body as JSON that can be stored.
 * @param tenant slug of who sends it
 * @throws {MillraceError} `UNSUPPORTED_MEDIA_TYPE`, `BAD_JSON`, `TOO_DEEP`, `TEXT_NOT_STORABLE`, and those of {@link readBytes}
 */
export async function readBody(request: IncomingMessage, held: Held, tenant: string): Promise<Json> {
  if (!isJson(mediaTypeOf(request)))
    throw mediaType('The body must be JSON, sent with the header “Content-Type: application/json”.');
  return parsePayloadOfAnySize(decodeUtf8(await readBytes(request, held)), tenant);
}

/** `application/json` or `application/<anything>+json`. */
function isJson(type: string): boolean {
  return /^application\/(json|[\w.-]+\+json)$/.test(type);
}

/** In lower case and without parameters; empty where none is named. */
function mediaTypeOf({ headers }: IncomingMessage): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function mediaType(message: string): MillraceError {
  return new MillraceError('UNSUPPORTED_MEDIA_TYPE', message);
}

/**
 * The body's bytes as they were sent, decompressed.
 * @throws {MillraceError} `PAYLOAD_TOO_LARGE`, `UNSUPPORTED_MEDIA_TYPE` for a compression that is not known,
 * `BAD_COMPRESSION`, `TOO_BUSY`, `BAD_REQUEST` for a body that breaks off
 * @param held has the bytes from the first one on, until whoever opened it releases it
 */
export async function readBytes(request: IncomingMessage, held: Held): Promise<Buffer> {
  if (declaresTooMuch(request)) throw tooLarge();
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const decompress = encoding === 'identity' ? undefined : decompressions.get(encoding);
  if (encoding !== 'identity' && !decompress)
    throw mediaType(
      `The body may be compressed by ${[...decompressions.keys()].join(', ')}, by one of them at a time.`,
    );
  const bytes = await receiveBytes(request, held);
  return decompress && bytes.length > 0 ? decompressed(bytes, decompress, held) : bytes;
}

/** The sender says itself that the body is larger than may be; a body without a length is counted as it comes. */
export function declaresTooMuch({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? 0) > maxBodyBytes;
}

type Decompress = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const decompressions: ReadonlyMap<string, Decompress> = new Map<string, Decompress>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
  ['zstd', promisify(zstdDecompress)],
]);

/** The decompressor itself stops at the bound: a bomb is never unpacked. */
async function decompressed(bytes: Buffer, decompress: Decompress, held: Held): Promise<Buffer> {
  const maxOutputLength = Math.min(maxBodyBytes, Math.max(alwaysAllowed, bytes.length * maxRatio));
  held.take(maxOutputLength);
  try {
    const inflated = await decompress(bytes, { maxOutputLength });
    held.giveBack(maxOutputLength - inflated.length);
    return inflated;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new MillraceError('BAD_COMPRESSION', 'The body is not compressed in the way that its header says.');
  }
}

function receiveBytes(request: IncomingMessage, held: Held): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const keep = (chunk: Buffer) => {
      try {
        size += chunk.length;
        if (size > maxBodyBytes) throw tooLarge();
        held.take(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        request.off('data', keep);
        reject(error);
      }
    };
    const brokenOff = () => reject(new MillraceError('BAD_REQUEST', 'The body ended before it was complete.'));
    request.on('data', keep).on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', brokenOff).on('close', () => {
      if (!request.complete) brokenOff();
    });
  });
}

function tooLarge(): MillraceError {
  const message = `The body is larger than ${maxBodyBytes / 1024 / 1024} MB, or becomes far too large when decompressed.`;
  return new MillraceError('PAYLOAD_TOO_LARGE', message);
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new MillraceError('BAD_JSON', 'The body is not UTF-8 text.');
  }
}
