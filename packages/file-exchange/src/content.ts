import { createHash } from 'node:crypto';
import type { Contents, FileExchange } from './file-exchange.ts';

/** Bytes in hand, as what is written. */
export async function* contentOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Up to `limit` bytes of a file; no more of it is held in memory. */
export async function readStart(exchange: FileExchange, relative: string, limit: number): Promise<Contents> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of exchange.stream(relative)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) break;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, limit), truncated: length > limit };
}

/** Passes content on and learns its length and fingerprint on the way. */
export interface Measured {
  readonly content: AsyncIterable<Uint8Array>;
  /** Once the content has been passed on to its end: bytes, and SHA-256 in hex. */
  result(): { readonly size: number; readonly sha256: string };
}

export function measured(source: AsyncIterable<Uint8Array>): Measured {
  const hash = createHash('sha256');
  let size = 0;
  async function* passOn() {
    for await (const chunk of source) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  }
  return { content: passOn(), result: () => ({ size, sha256: hash.copy().digest('hex') }) };
}
