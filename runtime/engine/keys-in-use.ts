/**
 * Keys of what this process is writing now. Two writes that would wait for each other's lock in the database wait here
 * instead, member by member, and keep up neither what was to be written with them nor a connection.
 */
export interface KeysInUse {
  has(key: string): boolean;
  /** The keys are in use until the answered function is called. */
  take(keys: readonly string[]): () => void;
  /** Who wants to know when keys have become free. */
  onFree(listener: () => void): void;
}

export function createKeysInUse(): KeysInUse {
  const keys = new Set<string>();
  const listeners: (() => void)[] = [];
  return {
    has: (key) => keys.has(key),
    take(taken) {
      for (const key of taken) keys.add(key);
      return () => {
        for (const key of taken) keys.delete(key);
        for (const listener of listeners) listener();
      };
    },
    onFree: (listener) => void listeners.push(listener),
  };
}
