import { invalid } from './invalid.ts';
import { completed, type Frequency, frequencies, type Recurrence } from './recurrence-rule.ts';
import { dayMs, type WallTime } from './wall-clock.ts';

const weekdayNames = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
/** A Monday, the first of a month and of a year: where no DTSTART is given, rules count from there. */
const defaultStart = Date.UTC(2001, 0, 1);
const mostIntervals = 100_000;
const mostCounted = 100_000;

/**
 * Reads `FREQ=…;…`, with `RRULE:` and a line `DTSTART:20260102T030000` before it where wanted. Times are those of the
 * schedule's zone.
 * @throws {MillraceError} `SCHEDULE_INVALID`
 */
export function parseRecurrence(text: string): Recurrence {
  const { start, rule } = split(text);
  const parts = partsOf(rule);
  const list = (name: string, min: number, max: number) => numbers(parts, name, min, max);
  const recurrence = {
    frequency: frequencyOf(parts),
    interval: list('INTERVAL', 1, mostIntervals)[0] ?? 1,
    start: start ?? defaultStart,
    weekStart: weekdayOf(take(parts, 'WKST') ?? 'MO'),
    months: list('BYMONTH', 1, 12),
    weekNumbers: list('BYWEEKNO', -53, 53),
    yearDays: list('BYYEARDAY', -366, 366),
    monthDays: list('BYMONTHDAY', -31, 31),
    weekdays: take(parts, 'BYDAY')?.split(',').map(nthWeekday) ?? [],
    hours: list('BYHOUR', 0, 23),
    minutes: list('BYMINUTE', 0, 59),
    positions: list('BYSETPOS', -366, 366),
    ...endOf(parts, start !== undefined),
  };
  for (const name of parts.keys()) throw invalid(`A schedule does not understand “${name}” in a recurrence rule.`);
  return completed(recurrence);
}

function split(text: string): { start?: WallTime; rule: string } {
  const [, start, rule] = /^(?:DTSTART:(\S+)\s+)?(?:RRULE:)?([^\s:]+)$/i.exec(text.trim()) ?? [];
  if (rule === undefined)
    throw invalid('A recurrence rule is FREQ=…, with a DTSTART:… before it if it counts from a certain day.');
  if (start === undefined) return { rule };
  const wall = momentOf(start);
  if (wall === undefined || wall % 60_000 !== 0)
    throw invalid(`“${start}” is no start for a schedule: write 20260102T030000, in the schedule's own time zone.`);
  return { start: wall, rule };
}

type Parts = Map<string, string>;

function partsOf(rule: string): Parts {
  const parts: Parts = new Map();
  for (const part of rule.toUpperCase().replace(/;$/, '').split(';')) {
    const [, name, value] = /^([A-Z-]+)=(.+)$/.exec(part) ?? [];
    if (name === undefined || value === undefined || parts.has(name))
      throw invalid(`The part “${part}” of the recurrence rule is not NAME=value, or is there twice.`);
    parts.set(name, value);
  }
  return parts;
}

/** Parts are taken away as they are read, so that what is left over is what nobody understands. */
function take(parts: Parts, name: string): string | undefined {
  const value = parts.get(name);
  parts.delete(name);
  return value;
}

function frequencyOf(parts: Parts): Frequency {
  const text = take(parts, 'FREQ');
  const frequency = frequencies.find((each) => each === text);
  if (frequency) return frequency;
  throw invalid(`The frequency of a recurrence rule must be one of these: ${frequencies.join(', ')}.`);
}

function numbers(parts: Parts, name: string, min: number, max: number): number[] {
  const values = take(parts, name)?.split(',') ?? [];
  return values.map((text) => {
    const value = Number(text);
    if (/^[+-]?\d{1,6}$/.test(text) && value >= min && value <= max && (value !== 0 || min === 0)) return value;
    throw invalid(`“${text}” is no ${name}: it must be between ${min} and ${max}${min < 0 ? ', and not 0' : ''}.`);
  });
}

function nthWeekday(text: string): Recurrence['weekdays'][number] {
  const [, nth, name] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(text) ?? [];
  const weekday = weekdayOf(name ?? text);
  if (nth === undefined) return { weekday };
  if (Number(nth) === 0 || Math.abs(Number(nth)) > 53) throw invalid(`“${text}” is no weekday of a month or year.`);
  return { weekday, nth: Number(nth) };
}

function weekdayOf(text: string): number {
  const weekday = weekdayNames.indexOf(text);
  if (weekday < 0) throw invalid(`“${text}” is no weekday; they are ${weekdayNames.join(', ')}.`);
  return weekday;
}

function endOf(parts: Parts, hasStart: boolean): Pick<Recurrence, 'count' | 'until'> {
  const [count] = numbers(parts, 'COUNT', 1, mostCounted);
  const until = take(parts, 'UNTIL');
  if (count !== undefined && until !== undefined) throw invalid('A recurrence rule has COUNT or UNTIL, not both.');
  if (count !== undefined && !hasStart) throw invalid('A recurrence rule with COUNT needs a DTSTART to count from.');
  if (count !== undefined) return { count };
  return until === undefined ? {} : { until: untilOf(until) };
}

/** A day counts to its end. */
function untilOf(text: string): NonNullable<Recurrence['until']> {
  const day = /^\d{8}$/.test(text) ? momentOf(`${text}T000000`) : undefined;
  if (day !== undefined) return { wall: day + dayMs - 1 };
  const moment = momentOf(text.replace(/Z$/, ''));
  if (moment === undefined) throw invalid(`“${text}” is no end: write 20261231, 20261231T120000 or 20261231T120000Z.`);
  return text.endsWith('Z') ? { instant: moment } : { wall: moment };
}

/** Nothing where it is not written as it must be, or is no day of the calendar. */
function momentOf(text: string): WallTime | undefined {
  const [year, month, date, hour, minute, second] = (
    /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})$/.exec(text)?.slice(1) ?? []
  ).map(Number) as [number, number, number, number, number, number];
  const wall = Date.UTC(year, month - 1, date, hour, minute, second);
  return text === new Date(wall || 0).toISOString().replace(/[-:]|\.\d+Z/g, '') ? wall : undefined;
}
