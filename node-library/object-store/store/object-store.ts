/** Where objects are kept, whatever kind of store it is. */
export interface ObjectStore {
  /**
   * Stores the bytes under the key, replacing what is there. Whole or not at all.
   * Errors: `OBJECT_KEY_INVALID`, `STORE_FULL`, `STORE_FORBIDDEN`, `STORE_UNAVAILABLE`.
   */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Errors: as of `put`, and `OBJECT_NOT_FOUND`. */
  get(key: string): Promise<Uint8Array>;
  /** Errors: as of `get`. */
  remove(key: string): Promise<void>;
}
