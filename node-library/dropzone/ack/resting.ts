import type { Entry, FileExchange } from '@millrace/file-exchange';

/** A file must not have changed for this long, or between two polls, before it is read. */
const restMs = 1000;
/** One that is no JSON may still be being written: it must rest longer before it is called malformed. */
const unfinishedRestMs = 5000;
const unfinishedRestPolls = 5;

interface Sighting {
  readonly size: number;
  readonly modifiedMs: number;
  /** Polls in a row in which the file looked the same, this one included. */
  readonly polls: number;
}

/** How long files have been lying still, from poll to poll. A file's age counts only where its clock is ours. */
export class Resting {
  #seen = new Map<string, Sighting>();
  #sharesClock = false;

  /** Takes note of what a poll listed; what is no longer there is forgotten. */
  note(dropzone: FileExchange, files: ReadonlyMap<string, Entry>): void {
    this.#sharesClock = dropzone.sharesClock;
    this.#seen = new Map([...files].map(([path, entry]) => [path, sighting(entry, this.#seen.get(path))]));
  }

  isStable(path: string): boolean {
    return this.#hasRested(path, 2, restMs);
  }

  /** Long enough that what is no JSON now will not become JSON. */
  isAbandoned(path: string): boolean {
    return this.#hasRested(path, unfinishedRestPolls, unfinishedRestMs);
  }

  #hasRested(path: string, polls: number, ageMs: number): boolean {
    const seen = this.#seen.get(path);
    if (!seen) return false;
    return seen.polls >= polls || (this.#sharesClock && Date.now() - seen.modifiedMs >= ageMs);
  }
}

function sighting({ size, modifiedMs }: Entry, before: Sighting | undefined): Sighting {
  const same = before?.size === size && before.modifiedMs === modifiedMs;
  return { size, modifiedMs, polls: same ? before.polls + 1 : 1 };
}
