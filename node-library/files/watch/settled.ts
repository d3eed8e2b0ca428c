import type { Json } from '@millrace/contract';
import type { Entry } from '@millrace/file-exchange';

/** A file as it looked, and since when. */
interface Sighting {
  readonly size: number;
  readonly modifiedMs: number;
  /** Milliseconds since 1970: the look at which it was first seen so. */
  readonly sinceMs: number;
}

/** Sightings by name: the watch's cursor, so that another process goes on where this one stopped. */
export type Sightings = Readonly<Record<string, Sighting & { readonly [key: string]: Json }>>;

export interface Looked {
  readonly sightings: Sightings;
  /** Files that have not changed between two looks and for the time asked for. */
  readonly settled: readonly Entry[];
}

/**
 * Compares what lies in the inbox now with what the look before saw. A file that is still being written has another
 * size or time at each look.
 * @param quietMs milliseconds for which a file must not have changed
 */
export function lookAgain(files: readonly Entry[], before: Sightings, nowMs: number, quietMs: number): Looked {
  const sightings = Object.fromEntries(files.map((file) => [file.name, sighting(file, seen(before, file), nowMs)]));
  const settled = files.filter((file) => {
    const known = seen(before, file);
    return known !== undefined && nowMs - known.sinceMs >= quietMs;
  });
  return { sightings, settled };
}

/** How the look before saw the file, where it saw it just so. */
function seen(before: Sightings, { name, size, modifiedMs }: Entry): Sighting | undefined {
  const known = Object.hasOwn(before, name) ? before[name] : undefined;
  return known?.size === size && known.modifiedMs === modifiedMs ? known : undefined;
}

function sighting({ size, modifiedMs }: Entry, known: Sighting | undefined, nowMs: number) {
  return { size, modifiedMs, sinceMs: known?.sinceMs ?? nowMs };
}
