import type { BlobRef, Blobs } from '@millrace/contract';
import type { Answering } from './exchange.ts';
import { contentType, tooLarge } from './response.ts';

/**
 * Keeps the body in the payload store as it comes.
 * @param megabytes at most; as much as the store keeps where left out
 * @throws {MillraceError} `RESPONSE_TOO_LARGE`, `BLOB_TOO_LARGE`, and what the answer breaks off with; nothing is kept then
 */
export function keepAsFile(answer: Answering, blobs: Blobs, megabytes: number | undefined): Promise<BlobRef> {
  const { headers, body } = answer;
  const mediaType = contentType(headers) || 'application/octet-stream';
  const about = { name: 'answer', mediaType, ...lengthOf(headers) };
  return blobs.write(megabytes === undefined ? body : bounded(body, megabytes), about);
}

/** What is compressed on its way is longer than it says. */
function lengthOf(headers: Headers): { bytes?: number } {
  const length = headers.get('content-length');
  return length === null || headers.has('content-encoding') ? {} : { bytes: Number(length) };
}

async function* bounded(body: AsyncIterable<Uint8Array>, megabytes: number): AsyncGenerator<Uint8Array> {
  let left = megabytes * 1024 * 1024;
  for await (const chunk of body) {
    left -= chunk.byteLength;
    if (left < 0) throw tooLarge(megabytes);
    yield chunk;
  }
}
