import type { Entry } from '@millrace/file-exchange';

/**
 * Acks that were reported and could not be moved away, as they looked then. Lost with the process, which only has them
 * reported once more, under the same fingerprint.
 */
export class Unmoved {
  #files = new Map<string, Entry>();

  /** Forgets what is no longer there. */
  note(files: ReadonlyMap<string, Entry>): void {
    for (const path of this.#files.keys()) if (!files.has(path)) this.#files.delete(path);
  }

  add(path: string, entry: Entry): void {
    this.#files.set(path, entry);
  }

  /** The very file: another of the same name differs in size or time. */
  has(path: string, { size, modifiedMs }: Entry): boolean {
    const known = this.#files.get(path);
    return known?.size === size && known.modifiedMs === modifiedMs;
  }
}
