import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCategory, MillraceError } from '@millrace/contract';
import { isLostConnection, isPassing } from '../postgres/database-error.ts';

const passing: readonly ErrorCategory[] = ['transient', 'rate-limit', 'server'];
const pauseMs = 500;

/** What lies with the database or the payload store, which is away, full or overloaded, and not with the run. */
export function isOutage(error: unknown): boolean {
  if (error instanceof MillraceError) return passing.includes(error.category);
  return isLostConnection(error) || isPassing(error);
}

/**
 * Does what may be done again and again, until there is no outage or it is called off.
 * @param told hears of the first failure
 * @throws what it fails with where that is no outage, or the reason why it was called off
 */
export async function outlasting<T>(
  work: () => Promise<T>,
  calledOff: AbortSignal,
  told: (error: unknown) => void,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isOutage(error)) throw error;
      if (tries === 1) told(error);
      await sleep(pauseMs, undefined, { signal: calledOff }).catch(() => undefined);
      calledOff.throwIfAborted();
    }
  }
}
