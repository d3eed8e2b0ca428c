/**
 * What a clock on the wall shows, as milliseconds counted as though it were UTC. It knows no zone: no hour of it is
 * skipped or repeated. Rules are followed on it, and only the result is placed into a zone (`zone.ts`).
 */
export type WallTime = number;

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** A rule as it is followed on the clock on the wall. */
export interface WallRule {
  /** The rule's next time strictly after the given one; nothing where it has no more. */
  after(wall: WallTime): WallTime | undefined;
  /** It leaves no hour of the day out: an hour that comes twice is kept twice. */
  readonly everyHour: boolean;
  /** Epoch milliseconds after which it does not come any more. */
  readonly until?: number;
}

export interface CalendarDay {
  readonly year: number;
  /** 1 is January. */
  readonly month: number;
  /** Of the month, from 1. */
  readonly date: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

export function calendarDay(wall: WallTime): CalendarDay {
  const date = new Date(wall);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    date: date.getUTCDate(),
    weekday: date.getUTCDay(),
  };
}

/** The latest multiple of the unit that is not after the time. */
export function startOf(unitMs: number, wall: WallTime): WallTime {
  return Math.floor(wall / unitMs) * unitMs;
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

export function daysInYear(year: number): number {
  return (Date.UTC(year + 1, 0) - Date.UTC(year, 0)) / dayMs;
}
