import type { Schedule } from '@millrace/contract';
import { nextTime, type WallRule } from '@millrace/schedule';

/** A time that is later than this passed while nobody was there: it was missed. */
export const lateMs = 60_000;
/** A schedule whose next time has come. */
export interface Due extends Pick<Schedule, 'missed' | 'overlap'> {
  readonly rule: WallRule;
  readonly timeZone: string;
  readonly nextAt: Date;
  /** The run before has not ended. */
  readonly isBusy: boolean;
}

export interface Decision {
  /** The times for which runs start. */
  readonly start: readonly Date[];
  /** The latest time known to be left out. */
  readonly leftOut?: Date;
  /** Nothing where the rule has ended. It may have come already. */
  readonly nextAt: Date | undefined;
}

/**
 * What a due schedule does now. Times that come in time start a run each; of missed ones, as `missed` says: none, one
 * for all, or each. With overlap `skip` a time that comes while the run before is under way is left out, and missed ones
 * are made up for one after the other.
 * @param most runs that it may start at once, at least one; further ones follow
 */
export function decideDue(due: Due, now: Date, most: number): Decision {
  return due.missed === 'all' ? everyTime(due, now, most) : latestTime(due, now);
}

function latestTime({ rule, timeZone, missed, overlap, nextAt, isBusy }: Due, now: Date): Decision {
  const inTime = firstWithin(rule, timeZone, nextAt, now);
  const chosen = inTime ?? (missed === 'once' ? nextAt : undefined);
  const following = nextTime(rule, timeZone, inTime ?? now);
  if (!chosen || (isBusy && overlap === 'skip')) return { start: [], leftOut: chosen ?? nextAt, nextAt: following };
  const leftOut = missed === 'skip' && nextAt < chosen ? { leftOut: nextAt } : {};
  return { start: [chosen], ...leftOut, nextAt: following };
}

/** The first time that is due and was not missed. */
function firstWithin(rule: WallRule, timeZone: string, nextAt: Date, now: Date): Date | undefined {
  const missedBefore = new Date(now.getTime() - lateMs);
  if (nextAt >= missedBefore) return nextAt;
  const next = nextTime(rule, timeZone, new Date(missedBefore.getTime() - 1));
  return next && next <= now ? next : undefined;
}

function everyTime({ rule, timeZone, overlap, nextAt, isBusy }: Due, now: Date, mostAtOnce: number): Decision {
  const isMissed = nextAt.getTime() < now.getTime() - lateMs;
  if (isBusy && overlap === 'skip')
    return isMissed ? { start: [], nextAt } : { start: [], leftOut: nextAt, nextAt: nextTime(rule, timeZone, nextAt) };
  const start: Date[] = [];
  let next: Date | undefined = nextAt;
  const most = overlap === 'skip' ? 1 : mostAtOnce;
  for (; next && next <= now && start.length < most; next = nextTime(rule, timeZone, next)) start.push(next);
  return { start, nextAt: next };
}
