import { invalid } from './invalid.ts';
import { type CalendarDay, calendarDay, dayMs, minuteMs, startOf, type WallRule, type WallTime } from './wall-clock.ts';

/** One of the five fields. */
interface Field {
  readonly title: string;
  readonly min: number;
  readonly max: number;
  /** Names that stand for numbers from `min` on. */
  readonly names?: readonly string[];
}

const minute: Field = { title: 'minute', min: 0, max: 59 };
const hour: Field = { title: 'hour', min: 0, max: 23 };
const date: Field = { title: 'day of the month', min: 1, max: 31 };
const month: Field = {
  title: 'month',
  min: 1,
  max: 12,
  names: 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' '),
};
/** 7 is Sunday too. */
const weekday: Field = { title: 'weekday', min: 0, max: 7, names: 'SUN MON TUE WED THU FRI SAT'.split(' ') };

/** The 29th of February may be eight years away. */
const longestPauseDays = 8 * 366;

/**
 * A cron rule of five fields: minute, hour, day of the month, month, weekday. Lists, ranges, steps and English names are
 * understood. Where both kinds of day are given, either counts (POSIX `crontab`).
 * @throws {MillraceError} `SCHEDULE_INVALID`
 */
export function cron(text: string): WallRule {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5)
    throw invalid('A cron rule has five fields: minute, hour, day of the month, month and weekday.');
  const [minutes, hours, dates, months, weekdays] = [minute, hour, date, month, weekday].map((field, index) =>
    valuesOf(field, fields[index] as string),
  ) as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];
  const times = [...hours].flatMap((h) => [...minutes].map((m) => (h * 60 + m) * minuteMs)).sort((a, b) => a - b);
  const days = dayTest({ dates, weekdays: new Set([...weekdays].map((day) => day % 7)) });
  const rule: WallRule = {
    everyHour: hours.size === 24,
    after: (wall) => firstAfter(wall, times, (day) => months.has(day.month) && days(day)),
  };
  if (rule.after(0) === undefined) throw invalid('The cron rule names a day that no month has.');
  return rule;
}

function dayTest({ dates, weekdays }: { dates: Set<number>; weekdays: Set<number> }): (day: CalendarDay) => boolean {
  if (dates.size === 31) return (day) => weekdays.has(day.weekday);
  if (weekdays.size === 7) return (day) => dates.has(day.date);
  return (day) => dates.has(day.date) || weekdays.has(day.weekday);
}

function firstAfter(
  wall: WallTime,
  times: readonly number[],
  matches: (day: CalendarDay) => boolean,
): WallTime | undefined {
  const today = startOf(dayMs, wall);
  for (let day = today; day <= today + longestPauseDays * dayMs; day += dayMs) {
    const time = matches(calendarDay(day)) ? times.find((each) => day + each > wall) : undefined;
    if (time !== undefined) return day + time;
  }
  return undefined;
}

function valuesOf(field: Field, text: string): Set<number> {
  return new Set(text.split(',').flatMap((part) => valuesOfPart(field, part)));
}

/** A star, a value or a range, each perhaps with a step. */
function valuesOfPart(field: Field, part: string): number[] {
  const [, all, first, last, step] = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part) ?? [];
  if (all === undefined && first === undefined) throw unreadable(field, part);
  const top = field === weekday ? 6 : field.max;
  const from = first === undefined ? field.min : numberOf(field, first);
  const to = last === undefined ? (all !== undefined || step !== undefined ? top : from) : rangeEnd(field, last, from);
  if (to < from) throw unreadable(field, part);
  return stepped(field, from, to, step);
}

function stepped(field: Field, from: number, to: number, step = '1'): number[] {
  const width = Number(step);
  if (width < 1 || width > field.max)
    throw invalid(`The step “/${step}” of the ${field.title} must be between 1 and ${field.max}.`);
  return Array.from({ length: Math.floor((to - from) / width) + 1 }, (_, index) => from + index * width);
}

/** A week may end on Sunday. */
function rangeEnd(field: Field, text: string, from: number): number {
  const end = numberOf(field, text);
  return field === weekday && end === 0 && from > 0 ? 7 : end;
}

function numberOf(field: Field, text: string): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return named + field.min;
  if (!/^\d+$/.test(text)) throw unreadable(field, text);
  const value = Number(text);
  if (value < field.min || value > field.max)
    throw invalid(`The ${field.title} “${text}” must be between ${field.min} and ${field.max}.`);
  return value;
}

function unreadable(field: Field, text: string) {
  return invalid(`The ${field.title} “${text}” is not one that a cron rule can have.`);
}
