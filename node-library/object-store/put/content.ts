import { createHash } from 'node:crypto';
import { type Blobs, isBlobRef, type Json, MillraceError, writeJson } from '@millrace/contract';

/** What is put: its bytes, and as what. */
export interface Content {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly contentType: string;
}

/** @throws {MillraceError} `OBJECT_BODY_INVALID` where the body is none of the content type */
export function contentOf(body: Json, contentType: string | undefined, blobs: Blobs): Content {
  if (isBlobRef(body)) return { bytes: blobs.read(body), contentType: contentType ?? body.mediaType };
  const type = contentType ?? 'application/json';
  return { bytes: oneChunk(Buffer.from(textOf(body, type))), contentType: type };
}

function textOf(body: Json, contentType: string): string {
  if (/[/+]json$/i.test(contentType)) return writeJson(body);
  if (typeof body === 'string') return body;
  throw new MillraceError('OBJECT_BODY_INVALID', `The body is no text, and ${contentType} is not written as JSON.`, {
    pointer: '/body',
  });
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Counts and hashes bytes on their way. */
export class Measure {
  readonly #hash = createHash('sha256');
  #size = 0;

  async *of(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      this.#hash.update(chunk);
      this.#size += chunk.length;
      yield chunk;
    }
  }

  /** Of all that came by; to be asked once. */
  total(): { readonly size: number; readonly sha256: string } {
    return { size: this.#size, sha256: this.#hash.digest('hex') };
  }
}
