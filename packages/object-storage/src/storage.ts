import type { Readable } from 'node:stream';

/** Where objects are kept under keys, whatever kind of storage it is. */
export interface ObjectStorage {
  /**
   * Stores the content under the key, replacing what is there. Whole or not at all: where the content breaks off, its
   * error is thrown on and nothing is kept.
   * @throws {MillraceError} `OBJECT_KEY_INVALID`, `OBJECT_EXISTS`, `STORE_…`
   */
  put(key: string, content: Uint8Array | AsyncIterable<Uint8Array>, options?: PutOptions): Promise<void>;
  /** @throws {MillraceError} `OBJECT_KEY_INVALID`, `OBJECT_NOT_FOUND`, `STORE_…`; reading on may throw `STORE_…` */
  get(key: string, range?: ByteRange): Promise<ObjectContent>;
  /** What is known of an object; throws as `get` does. */
  head(key: string): Promise<ObjectHead>;
  /** Resolves when there is no such object (any more). @throws {MillraceError} `OBJECT_KEY_INVALID`, `STORE_…` */
  delete(key: string): Promise<void>;
  /** Objects in the order of their keys' UTF-8 bytes. @throws {MillraceError} `STORE_…` */
  list(options?: ListOptions): AsyncIterable<ListedObject>;
  /** Removes what puts that were begun before the time and never ended have left behind. */
  sweep(before: Date): Promise<void>;
}

export interface PutOptions {
  /** Refuses with `OBJECT_EXISTS` where the key is taken. */
  readonly ifAbsent?: boolean;
  /** Media type; storages that cannot keep it leave it out. */
  readonly contentType?: string;
}

/** Bytes from the first on, up to (not including) the second. */
export interface ByteRange {
  readonly from: number;
  readonly to?: number;
}

export interface ObjectContent {
  /** Bytes that `content` gives. */
  readonly size: number;
  readonly contentType?: string;
  /** To be read to its end, or destroyed. */
  readonly content: Readable;
}

export interface ObjectHead {
  readonly size: number;
  readonly modifiedAt: Date;
  readonly contentType?: string;
}

export interface ListOptions {
  /** What the keys begin with. */
  readonly prefix?: string;
  /** Only keys behind this one. */
  readonly after?: string;
}

export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly modifiedAt: Date;
}
