import { invalid } from './invalid.ts';
import { recursOn } from './recurrence-days.ts';
import type { Frequency, Recurrence } from './recurrence-rule.ts';
import { calendarDay, dayMs, hourMs, minuteMs, startOf, type WallRule, type WallTime } from './wall-clock.ts';

/** A rule that has not come for as long has ended. The longest pause that the calendar makes is far shorter. */
const longestPauseMs = 100 * 366 * dayMs;
const mostPeriods = 100_000;

/**
 * An RFC 5545 recurrence, followed period by period: the days of a period that fit, with the times of day, and of these
 * the positions that BYSETPOS names.
 * @throws {MillraceError} `SCHEDULE_INVALID` where it never comes
 */
export function recurrence(rule: Recurrence): WallRule {
  const { until, frequency, hours } = rule;
  const after = (wall: WallTime) => nextOf(rule, wall);
  if (after(rule.start - 1) === undefined) throw invalid('The recurrence rule never comes.');
  return {
    after,
    everyHour: (frequency === 'HOURLY' || frequency === 'MINUTELY') && hours.length === 0,
    ...(until && 'instant' in until && { until: until.instant }),
  };
}

function nextOf(rule: Recurrence, after: WallTime): WallTime | undefined {
  const last = rule.until && 'wall' in rule.until ? rule.until.wall : Number.POSITIVE_INFINITY;
  let left = rule.count ?? Number.POSITIVE_INFINITY;
  for (const wall of timesFrom(rule, rule.count === undefined ? Math.max(after, rule.start) : rule.start)) {
    if (wall < rule.start) continue;
    if (wall > last || left-- === 0) return undefined;
    if (wall > after) return wall;
  }
  return undefined;
}

/** The rule's times from the beginning of the period in which `from` lies. */
function* timesFrom(rule: Recurrence, from: WallTime): Generator<WallTime> {
  let index = indexAt(rule, from);
  let silentSince = from;
  for (let looked = 0; looked < mostPeriods; looked++) {
    const start = periodStart(rule, index);
    if (start > silentSince + longestPauseMs) return;
    const times = timesIn(rule, start);
    yield* times;
    if (times.length > 0) [silentSince, looked] = [start, 0];
    index = nextIndex(rule, index, start);
  }
}

const lengths: Readonly<Partial<Record<Frequency, number>>> = {
  MINUTELY: minuteMs,
  HOURLY: hourMs,
  DAILY: dayMs,
  WEEKLY: 7 * dayMs,
};

/** The start of the rule's n-th period; months and years are counted by the calendar, all others by the clock. */
function periodStart(rule: Recurrence, index: number): WallTime {
  const length = lengths[rule.frequency];
  if (length !== undefined) return origin(rule, length) + index * rule.interval * length;
  const { year, month } = calendarDay(rule.start);
  return rule.frequency === 'YEARLY'
    ? Date.UTC(year + index * rule.interval, 0)
    : Date.UTC(year, month - 1 + index * rule.interval);
}

/** The period in which a time not before the start lies, or the last one before it. */
function indexAt(rule: Recurrence, wall: WallTime): number {
  const length = lengths[rule.frequency];
  if (length !== undefined) return Math.floor((wall - origin(rule, length)) / (length * rule.interval));
  const [from, to] = [calendarDay(rule.start), calendarDay(wall)];
  const months = (to.year - from.year) * 12 + to.month - from.month;
  return Math.floor((rule.frequency === 'YEARLY' ? to.year - from.year : months) / rule.interval);
}

/** A week begins on the rule's own first day. */
function origin({ start, weekStart }: Recurrence, length: number): WallTime {
  if (length <= dayMs) return startOf(length, start);
  return startOf(dayMs, start) - ((calendarDay(start).weekday - weekStart + 7) % 7) * dayMs;
}

/** Of a day that does not fit no further hour or minute is looked at. */
function nextIndex(rule: Recurrence, index: number, start: WallTime): number {
  const length = lengths[rule.frequency];
  if (length === undefined || length >= dayMs || recursOn(rule, startOf(dayMs, start))) return index + 1;
  const tomorrow = startOf(dayMs, start) + dayMs;
  return Math.max(index + 1, Math.ceil((tomorrow - origin(rule, length)) / (length * rule.interval)));
}

function timesIn(rule: Recurrence, start: WallTime): WallTime[] {
  const times = daysIn(rule, start).flatMap((day) => timesOn(rule, day, start));
  if (rule.positions.length === 0) return times;
  const chosen = rule.positions.map((position) => times.at(position > 0 ? position - 1 : position));
  return [...new Set(chosen.filter((time) => time !== undefined))].sort((a, b) => a - b);
}

function daysIn(rule: Recurrence, start: WallTime): WallTime[] {
  const first = startOf(dayMs, start);
  const days = (periodEnd(rule.frequency, first) - first) / dayMs;
  return Array.from({ length: days }, (_, index) => first + index * dayMs).filter((day) => recursOn(rule, day));
}

function periodEnd(frequency: Frequency, firstDay: WallTime): WallTime {
  const { year, month } = calendarDay(firstDay);
  if (frequency === 'YEARLY') return Date.UTC(year + 1, 0);
  if (frequency === 'MONTHLY') return Date.UTC(year, month);
  return firstDay + (frequency === 'WEEKLY' ? 7 : 1) * dayMs;
}

/**
 * Times of a day, in order. What a list names is kept; an hour or minute that is the period's own must be in the list,
 * and without a list it is the start's.
 */
function timesOn({ frequency, hours, minutes, start }: Recurrence, day: WallTime, period: WallTime): WallTime[] {
  const isMinutely = frequency === 'MINUTELY';
  const isHourly = isMinutely || frequency === 'HOURLY';
  const hourOf = (wall: WallTime) => Math.floor((wall % dayMs) / hourMs);
  const minuteOf = (wall: WallTime) => (wall % hourMs) / minuteMs;
  const hoursKept = isHourly ? within(hours, hourOf(period)) : named(hours, hourOf(start));
  const minutesKept = isMinutely ? within(minutes, minuteOf(period)) : named(minutes, minuteOf(start));
  return hoursKept.flatMap((hour) => minutesKept.map((minute) => day + hour * hourMs + minute * minuteMs));
}

function within(list: readonly number[], value: number): number[] {
  return list.length === 0 || list.includes(value) ? [value] : [];
}

function named(list: readonly number[], otherwise: number): number[] {
  return list.length === 0 ? [otherwise] : [...new Set(list)].sort((a, b) => a - b);
}
