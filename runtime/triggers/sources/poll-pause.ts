import type { ErrorData } from '@millrace/contract';
import { nextAttempt } from '@millrace/flow';

/** For what the other side will refuse again until somebody mends it. */
const hopelessPauseMs = 15 * 60_000;
/** Failures in a row after which somebody is told. */
export const alertAfter = 3;

/** What is known of a failed poll. */
export interface FailedPoll {
  readonly error: ErrorData;
  /** In a row, this one included. */
  readonly failures: number;
  readonly failingSince: Date;
  readonly now: Date;
  readonly everyMs: number;
}

/**
 * Milliseconds until a source is polled again after a failure: the pauses that a failed step of the same category makes,
 * and never sooner than it would have been polled anyway. A source is never given up.
 * @param random a number from 0 to 1
 */
export function pauseAfter({ error, failures, failingSince, now, everyMs }: FailedPoll, random: () => number): number {
  const policy = { attempts: Number.MAX_SAFE_INTEGER };
  const next = nextAttempt(policy, error, { count: failures, firstAt: failingSince, now }, random);
  return Math.max(everyMs, next ? next.getTime() - now.getTime() : hopelessPauseMs);
}
