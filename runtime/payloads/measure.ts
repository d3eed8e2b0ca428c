import { createHash } from 'node:crypto';
import { MillraceError } from '@millrace/contract';
import type { PayloadMeasure } from '../postgres/payloads/payload.ts';

/** Items of a list between two remembered offsets. */
export const linesPerOffset = 1000;
const newline = 0x0a;

export interface MeasureOptions {
  /** For the error's sentence. */
  readonly name: string;
  /** Bytes. */
  readonly limit: number;
  readonly isList: boolean;
}

/** Counts, hashes and, of a list, indexes content on its way, and stops it at the limit. */
export class Measure {
  readonly #options: MeasureOptions;
  readonly #hash = createHash('sha256');
  readonly #offsets = [0];
  #bytes = 0;
  #lines = 0;

  constructor(options: MeasureOptions) {
    this.#options = options;
  }

  /** @throws {MillraceError} `BLOB_TOO_LARGE` */
  async *of(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      requireFits(this.#bytes + chunk.length, this.#options);
      this.#hash.update(chunk);
      if (this.#options.isList) this.#index(chunk);
      this.#bytes += chunk.length;
      yield chunk;
    }
  }

  /** Of all that has come by. */
  total(): PayloadMeasure {
    const lines = this.#options.isList ? this.#offsets : null;
    return { bytes: this.#bytes, sha256: this.#hash.copy().digest('hex'), lines };
  }

  #index(chunk: Uint8Array): void {
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, end + 1)) {
      this.#lines++;
      if (this.#lines % linesPerOffset === 0) this.#offsets.push(this.#bytes + end + 1);
    }
  }
}

/** @throws {MillraceError} `BLOB_TOO_LARGE` */
export function requireFits(bytes: number, { name, limit }: Pick<MeasureOptions, 'name' | 'limit'>): void {
  if (bytes <= limit) return;
  const message = `The file “${name}” is larger than the ${limit} bytes that this instance keeps.`;
  throw new MillraceError('BLOB_TOO_LARGE', message, { details: { limit } });
}
