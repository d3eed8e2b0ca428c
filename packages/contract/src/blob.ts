import type { Json } from './json.ts';

/** A file or long list in the payload store, as it stands in a run's data: plain data that expressions can read. */
export interface BlobRef {
  /** Id in the payload store; means nothing to other tenants. */
  readonly blob: string;
  readonly name: string;
  /** `application/x-ndjson` for a list: one JSON value a line. */
  readonly mediaType: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

export const blobIdPattern = /^blob_[0-9a-f]{32}$/;

export function isBlobRef(value: unknown): value is BlobRef {
  const { blob } = (value ?? {}) as { blob?: unknown };
  return typeof blob === 'string' && blobIdPattern.test(blob);
}

export interface AboutContent {
  readonly name: string;
  readonly mediaType: string;
  /** How many bytes will come, where that is known: too many are refused before any of them is read. */
  readonly bytes?: number;
}

/** The payload store as a step or trigger may use it: what it writes belongs to the run and goes with it. */
export interface Blobs {
  /**
   * Stores what the source gives, without holding it in memory.
   * @throws {MillraceError} `BLOB_TOO_LARGE` beyond the instance's limit; nothing is kept then
   */
  write(source: AsyncIterable<Uint8Array>, about: AboutContent): Promise<BlobRef>;
  /** Stores a list as JSON lines. */
  writeLines(items: AsyncIterable<Json> | Iterable<Json>, about: { name: string }): Promise<BlobRef>;
  /** @throws {MillraceError} `BLOB_MISSING` */
  read(ref: BlobRef): AsyncIterable<Uint8Array>;
  /** The items of a list from the given one on. @throws {MillraceError} `BLOB_MISSING`, `BLOB_NOT_A_LIST` */
  readLines(ref: BlobRef, from?: number): AsyncIterable<Json>;
}
