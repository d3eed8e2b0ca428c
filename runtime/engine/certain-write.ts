import { setTimeout as sleep } from 'node:timers/promises';
import { isLostConnection, isPassing } from '../postgres/database-error.ts';

/** A write whose outcome must be known. */
export interface CertainWrite<T> {
  /** @param alone it has failed for a reason that may be its own: others should not be written with it */
  write(alone: boolean): Promise<T>;
  /** What became of it, where the answer was lost; nothing where it did not happen. */
  landed(): Promise<T | undefined>;
  /** Time in which it is tried again, in milliseconds. */
  readonly patienceMs: number;
}

const pauseMs = 200;
/** Those who want the same row do not come back together. */
const conflictPauseMs = 20;

/**
 * Writes until it is known to have happened. A write whose answer was lost is looked up and, where it did not happen,
 * done again; one that gave way to others, or found no room, is tried again. What is wrong for good is thrown at once.
 */
export async function writeForCertain<T>({ write, landed, patienceMs }: CertainWrite<T>): Promise<T> {
  const end = performance.now() + patienceMs;
  let alone = false;
  let isUnknown = false;
  for (;;) {
    try {
      const known = isUnknown ? await landed() : undefined;
      isUnknown = false;
      return known ?? (await write(alone));
    } catch (error) {
      isUnknown ||= isLostConnection(error);
      if ((!isUnknown && !isPassing(error)) || performance.now() > end) throw error;
      alone = true;
      await sleep(isUnknown ? pauseMs : Math.random() * conflictPauseMs);
    }
  }
}
