import { type Authentication, durationMs, isObject, type Json, MillraceError } from '@millrace/contract';

/** Where a body tells the time of its sending, and how far from ours that may be. */
export interface BodyTime {
  /** Name of the field, with a dot for each level. */
  readonly field: string;
  /** Duration for which the sender repeats an event as it is. */
  readonly repeatedFor?: string;
  /** Seconds by which clocks may differ. */
  readonly tolerance?: number | undefined;
}

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Whether the body is from now: what was overheard cannot be sent again later. Repetitions of the sender's own may be older,
 * as long as it repeats; which of them was taken before, its event id tells.
 * @throws {MillraceError} `TIMESTAMP_INVALID` where the body does not tell
 */
export function isFromNow(
  payload: Json,
  { field, repeatedFor = 'PT0S', tolerance = 300 }: BodyTime,
  now: Date,
): Authentication {
  const age = now.getTime() - timeIn(payload, field);
  if (age < -tolerance * 1000) return { ok: false, reason: 'the time in the body lies ahead' };
  if (age > tolerance * 1000 + durationMs(repeatedFor)) return { ok: false, reason: 'the time in the body is not recent' };
  return { ok: true };
}

function timeIn(payload: Json, field: string): number {
  const path = field.split('.');
  const value = path.reduce<Json | undefined>((at, name) => (isObject(at) ? at[name] : undefined), payload);
  const time = typeof value === 'string' && dateTime.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  const message = `“${field}” must be a date and time with its offset from UTC, such as 2026-11-20T10:00:00Z.`;
  throw new MillraceError('TIMESTAMP_INVALID', message, { pointer: `/${path.join('/')}` });
}
