import { durationMs, type ErrorCategory, type ErrorData } from '@millrace/contract';
import type { Retry } from './document.ts';
import type { Alert } from './run-state.ts';

/** How a category of error is retried where the node says nothing of its own. */
interface Figures {
  /** Attempts in all; 1 = never again. */
  readonly attempts: number;
  /** First pause in milliseconds; each further one is four times as long, up to {@link longestPause}. */
  readonly pause: number;
  readonly alert?: { readonly failures: number; readonly severity: Alert['severity'] };
}

const never: Figures = { attempts: 1, pause: 0 };
const figures: Readonly<Record<ErrorCategory, Figures>> = {
  transient: { attempts: 5, pause: 1000, alert: { failures: 3, severity: 'warning' } },
  'rate-limit': { attempts: 10, pause: 5000, alert: { failures: 5, severity: 'warning' } },
  auth: { attempts: 2, pause: 1000 },
  server: { attempts: 3, pause: 5000, alert: { failures: 1, severity: 'high' } },
  internal: { attempts: 3, pause: 1000 },
  validation: never,
  'not-found': never,
  cancelled: never,
};
const longestPause = 15 * 60_000;

/** A failed step's history: how often, since when, and the time of the latest failure. */
export interface Failures {
  /** Failed attempts, the latest included. */
  readonly count: number;
  readonly firstAt: Date;
  readonly now: Date;
}

const longestAskedSeconds = 86_400;

/**
 * When a failed step is tried again, or nothing where it is not. What the other side will refuse again (`validation`,
 * `not-found`) and what was `cancelled` is never tried again, whatever the node's policy says. Pauses of a node's own
 * `schedule` are kept to the letter; the others vary by a fifth, so that runs which failed together do not come back
 * together. A `retryAfter` of the error is a lower bound, of a day at most. Where a pause would lead beyond the policy's
 * `until`, the last attempt is made when that is reached: who tries for a day has tried for a whole day.
 * @param random a number from 0 to 1, the same for the same failure, so that deciding again decides alike
 */
export function nextAttempt(
  policy: Retry | undefined,
  error: ErrorData,
  failures: Failures,
  random: () => number,
): Date | undefined {
  const rule = figures[error.category];
  if (rule === never || failures.count >= attemptsOf(policy, rule)) return undefined;
  const now = failures.now.getTime();
  const asked = Math.min(error.retryAfter ?? 0, longestAskedSeconds) * 1000;
  const at = now + Math.max(pauseOf(policy, rule, failures.count, random), asked);
  const end = policy?.until === undefined ? Number.POSITIVE_INFINITY : since(failures, policy.until);
  if (at <= end) return new Date(at);
  return now < end && now + asked <= end ? new Date(end) : undefined;
}

/** A schedule ends with its last pause, unless `until` lets that repeat. */
function attemptsOf(policy: Retry | undefined, rule: Figures): number {
  if (policy?.attempts !== undefined) return policy.attempts;
  if (!policy?.schedule) return rule.attempts;
  return policy.until === undefined ? policy.schedule.length + 1 : Number.POSITIVE_INFINITY;
}

function pauseOf(policy: Retry | undefined, rule: Figures, count: number, random: () => number): number {
  const planned = policy?.schedule?.[count - 1] ?? policy?.schedule?.at(-1);
  if (planned !== undefined) return durationMs(planned);
  return Math.min(rule.pause * 4 ** (count - 1), longestPause) * (0.8 + 0.4 * random());
}

function since({ firstAt }: Failures, duration: string): number {
  return firstAt.getTime() + durationMs(duration);
}

/**
 * The alert that a failure gives rise to, if it does: after the category's number of failures, or once the step has
 * been failing for the node's own `alertAfter`. True of every later failure too; the caller raises it once.
 */
export function failureAlert(policy: Retry | undefined, error: ErrorData, failures: Failures): Alert | undefined {
  const { alert } = figures[error.category];
  const isDue =
    policy?.alertAfter === undefined
      ? alert !== undefined && failures.count >= alert.failures
      : failures.now.getTime() >= since(failures, policy.alertAfter);
  if (!isDue) return undefined;
  const times = failures.count === 1 ? 'once' : `${failures.count} times`;
  return {
    code: 'STEP_FAILING',
    message: `Has failed ${times}: ${error.message}`,
    severity: alert?.severity ?? 'warning',
  };
}
