import type { IncomingMessage } from 'node:http';
import { type Json, MillraceError } from '@millrace/contract';
import { parsePayload } from './payload.ts';

/** Bytes of a request body at most. */
const maxBodyBytes = 16 * 1024 * 1024;

/**
 * The request's body as JSON that can be stored.
 * @throws {MillraceError} `PAYLOAD_TOO_LARGE`, `UNSUPPORTED_MEDIA_TYPE`, `BAD_JSON`, `TOO_DEEP`, `TEXT_NOT_STORABLE`
 */
export async function readBody(request: IncomingMessage): Promise<Json> {
  requireJson(request);
  const bytes = await readBytes(request);
  return parsePayload(decode(bytes));
}

/** `application/json` or `application/<anything>+json`, uncompressed: a compressed body may be a bomb. */
function requireJson({ headers }: IncomingMessage): void {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!/^application\/(json|[\w.-]+\+json)$/.test(type))
    throw mediaType('The body must be JSON, sent with the header “Content-Type: application/json”.');
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    throw mediaType('The body must be sent uncompressed, without the header “Content-Encoding”.');
}

function mediaType(message: string): MillraceError {
  return new MillraceError('UNSUPPORTED_MEDIA_TYPE', message);
}

/** What comes beyond the limit is read and thrown away for a while, so that the sender sees the answer. */
function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBodyBytes) return chunks.push(chunk);
      chunks.length = 0;
      reject(tooLarge());
      if (size > 4 * maxBodyBytes) request.destroy();
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => reject(new MillraceError('BAD_REQUEST', 'The body ended before it was complete.')));
    request.on('close', () => reject(new MillraceError('BAD_REQUEST', 'The body ended before it was complete.')));
  });
}

function tooLarge(): MillraceError {
  const message = `The body is larger than ${maxBodyBytes / 1024 / 1024} MB.`;
  return new MillraceError('PAYLOAD_TOO_LARGE', message);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new MillraceError('BAD_JSON', 'The body is not UTF-8 text.');
  }
}
