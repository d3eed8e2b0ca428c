import type { WallRule } from './wall-clock.ts';
import { instantOf, offsetAt, wallAt } from './zone.ts';

/**
 * The rule's next time strictly after an instant, in a zone. Where the clock is put forward, a time in the skipped hour
 * comes once, right after it; where it is put back, a time in the repeated hour comes once, the first time, unless the
 * rule leaves no hour of the day out, as “every 15 minutes” does.
 * @returns nothing where the rule has no more times
 */
export function nextTime(rule: WallRule, zone: string, after: Date): Date | undefined {
  const next = firstAfter(rule, zone, after.getTime());
  if (next === undefined || next > (rule.until ?? Number.POSITIVE_INFINITY)) return undefined;
  return new Date(next);
}

/** The next times after an instant, at most so many. */
export function timesAfter(rule: WallRule, zone: string, after: Date, most: number): Date[] {
  const times: Date[] = [];
  for (let next = nextTime(rule, zone, after); next && times.length < most; next = nextTime(rule, zone, next))
    times.push(next);
  return times;
}

function firstAfter(rule: WallRule, zone: string, after: number): number | undefined {
  for (let wall = rule.after(wallAt(zone, after)); wall !== undefined; wall = rule.after(wall)) {
    const instant = instantOf(zone, wall);
    if (instant > after) return (rule.everyHour ? repeated(rule, zone, after, instant) : undefined) ?? instant;
  }
  return undefined;
}

/** A time before `next` that the clock, once put back, shows again. */
function repeated(rule: WallRule, zone: string, after: number, next: number): number | undefined {
  const offset = offsetAt(zone, next);
  for (let wall = rule.after(after + offset); wall !== undefined && wall - offset < next; wall = rule.after(wall))
    if (offsetAt(zone, wall - offset) === offset) return wall - offset;
  return undefined;
}
