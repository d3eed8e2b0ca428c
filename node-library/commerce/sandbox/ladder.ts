import { durationMs } from '@millrace/contract';

/** How the ERP repeats a webhook: the pauses of the specification, the last again and again for a day. */
const pauses = ['1m', '5m', '15m', '1h'].map(durationMs);
const lastPause = durationMs('6h');
const givesUpAfterMs = durationMs('24h');

/** What becomes of a webhook after an answer. `data-error`: never sent again. `alert`: an administrator is written to. */
export type Verdict = { readonly next: Date } | 'delivered' | 'data-error' | 'alert';

/**
 * @param status of the answer; nothing where there was none
 * @param failures attempts that have failed, this one included
 */
export function verdictOn(
  status: number | undefined,
  failures: { readonly count: number; readonly firstAt: Date; readonly now: Date },
): Verdict {
  if (status !== undefined && status >= 200 && status < 300) return 'delivered';
  if (status !== undefined && !comesAgain(status)) return 'data-error';
  const now = failures.now.getTime();
  const pause = pauses[failures.count - 1] ?? lastPause;
  const end = failures.firstAt.getTime() + givesUpAfterMs;
  return now >= end ? 'alert' : { next: new Date(Math.min(now + pause, end)) };
}

/** The specification names 500, 502, 503 and 504; being asked to come more slowly is no error of the data either. */
function comesAgain(status: number): boolean {
  return status === 429 || status >= 500;
}
