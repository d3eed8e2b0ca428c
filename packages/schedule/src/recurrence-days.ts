import type { Recurrence } from './recurrence-rule.ts';
import { type CalendarDay, calendarDay, dayMs, daysInMonth, daysInYear, type WallTime } from './wall-clock.ts';

/** Whether the rule's BY… parts let it come on a day, given by its start. */
export function recursOn(rule: Recurrence, start: WallTime): boolean {
  const day = calendarDay(start);
  return (
    (rule.months.length === 0 || rule.months.includes(day.month)) &&
    fits(rule.monthDays, day.date, daysInMonth(day.year, day.month)) &&
    fits(rule.yearDays, dayOfYear(start, day), daysInYear(day.year)) &&
    (rule.weekdays.length === 0 || rule.weekdays.some((wanted) => isWeekday(rule, wanted, start, day))) &&
    (rule.weekNumbers.length === 0 || isWeek(rule, start, day))
  );
}

/** A list names positions from the front (from 1) or, below 0, from the end of `length`. */
function fits(list: readonly number[], position: number, length: number): boolean {
  return list.length === 0 || list.includes(position) || list.includes(position - length - 1);
}

function dayOfYear(start: WallTime, { year }: CalendarDay): number {
  return (start - Date.UTC(year, 0)) / dayMs + 1;
}

/** A numbered weekday is one of the month; in a yearly rule that names no months, one of the year. */
function isWeekday(
  { frequency, months }: Recurrence,
  { weekday, nth }: Recurrence['weekdays'][number],
  start: WallTime,
  day: CalendarDay,
): boolean {
  if (weekday !== day.weekday || nth === undefined) return weekday === day.weekday;
  const ofYear = frequency === 'YEARLY' && months.length === 0;
  const position = ofYear ? dayOfYear(start, day) : day.date;
  const length = ofYear ? daysInYear(day.year) : daysInMonth(day.year, day.month);
  return nth > 0 ? Math.ceil(position / 7) === nth : Math.ceil((length - position + 1) / 7) === -nth;
}

/** Week 1 is the first with at least four days in the year (RFC 5545, section 3.3.10); it may begin the year before. */
function isWeek(rule: Recurrence, start: WallTime, { weekday }: CalendarDay): boolean {
  const week = start - ((weekday - rule.weekStart + 7) % 7) * dayMs;
  const { year } = calendarDay(week + 3 * dayMs);
  const first = firstWeek(rule, year);
  const weeks = (firstWeek(rule, year + 1) - first) / (7 * dayMs);
  return fits(rule.weekNumbers, (week - first) / (7 * dayMs) + 1, weeks);
}

function firstWeek({ weekStart }: Recurrence, year: number): WallTime {
  const fourth = Date.UTC(year, 0, 4);
  return fourth - ((calendarDay(fourth).weekday - weekStart + 7) % 7) * dayMs;
}
