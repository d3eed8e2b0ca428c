import { setTimeout as sleep } from 'node:timers/promises';
import { isLostConnection, isPassing } from '../postgres/database-error.ts';

/** A write whose outcome must be known. */
export interface CertainWrite<T> {
  /** @param alone it has failed for a reason that may be its own: others should not be written with it */
  write(alone: boolean): Promise<T>;
  /** What became of it, where the answer was lost; nothing where it did not happen. */
  landed(): Promise<T | undefined>;
  /** Whether the answer says that nothing was written: so it is answered too if the same was written before. */
  isRefusal?(answer: T): boolean;
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
export async function writeForCertain<T>(certain: CertainWrite<T>): Promise<T> {
  const { write, landed, patienceMs } = certain;
  const end = performance.now() + patienceMs;
  let alone = false;
  let isUnknown = false;
  let hasLostAnswer = false;
  for (;;) {
    try {
      const known = isUnknown ? await landed() : undefined;
      isUnknown = false;
      return known ?? (await (hasLostAnswer ? writeAgain(certain) : write(alone)));
    } catch (error) {
      isUnknown ||= isLostConnection(error);
      hasLostAnswer ||= isUnknown;
      if ((!isUnknown && !isPassing(error)) || performance.now() > end) throw error;
      alone = true;
      await sleep(isUnknown ? pauseMs : Math.random() * conflictPauseMs);
    }
  }
}

/**
 * Writes what had not happened when it was looked up. The server may have been at its commit all the same: then the repeat,
 * which has waited for that, is refused, and a second look finds what was written.
 */
async function writeAgain<T>({ write, landed, isRefusal = () => false }: CertainWrite<T>): Promise<T> {
  const [repeat] = await Promise.allSettled([write(true)]);
  const isRefused =
    repeat.status === 'fulfilled'
      ? isRefusal(repeat.value)
      : !isLostConnection(repeat.reason) && !isPassing(repeat.reason);
  const known = isRefused ? await landed() : undefined;
  if (known !== undefined) return known;
  if (repeat.status === 'rejected') throw repeat.reason;
  return repeat.value;
}
