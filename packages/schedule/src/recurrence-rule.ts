import { invalid } from './invalid.ts';
import { calendarDay, type WallTime } from './wall-clock.ts';

export const frequencies = ['MINUTELY', 'HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type Frequency = (typeof frequencies)[number];

/** An RFC 5545 recurrence rule (section 3.3.10) as data. An empty list restricts nothing. */
export interface Recurrence {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly start: WallTime;
  readonly count?: number;
  /** Last moment: on the clock on the wall, or in UTC. */
  readonly until?: { readonly wall: WallTime } | { readonly instant: number };
  /** 0 is Sunday. */
  readonly weekStart: number;
  readonly months: readonly number[];
  /** Negative ones count from the end, here and below. */
  readonly weekNumbers: readonly number[];
  readonly yearDays: readonly number[];
  readonly monthDays: readonly number[];
  /** `nth`: of the month or year; without it all of them. */
  readonly weekdays: readonly { readonly weekday: number; readonly nth?: number }[];
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly positions: readonly number[];
}

/**
 * The rule with what it leaves open filled in from its start.
 * @throws {MillraceError} `SCHEDULE_INVALID` where it combines what RFC 5545 forbids to combine
 */
export function completed(rule: Recurrence): Recurrence {
  refuseMisfits(rule);
  return withDefaults(rule);
}

function refuseMisfits({
  frequency,
  weekdays,
  weekNumbers,
  yearDays,
  monthDays,
  positions,
  ...rule
}: Recurrence): void {
  const isLong = frequency === 'MONTHLY' || frequency === 'YEARLY';
  if (weekNumbers.length > 0 && frequency !== 'YEARLY') throw invalid('BYWEEKNO goes with FREQ=YEARLY only.');
  if (yearDays.length > 0 && ['DAILY', 'WEEKLY', 'MONTHLY'].includes(frequency))
    throw invalid(`BYYEARDAY does not go with FREQ=${frequency}.`);
  if (monthDays.length > 0 && frequency === 'WEEKLY') throw invalid('BYMONTHDAY does not go with FREQ=WEEKLY.');
  if (weekdays.some(({ nth }) => nth !== undefined) && (!isLong || weekNumbers.length > 0))
    throw invalid('A numbered weekday such as 2TU goes with FREQ=MONTHLY or YEARLY only, and not with BYWEEKNO.');
  const others = [weekdays, weekNumbers, yearDays, monthDays, rule.months, rule.hours, rule.minutes];
  if (positions.length > 0 && others.every((list) => list.length === 0))
    throw invalid('BYSETPOS chooses among what another BY… part gives, and there is none.');
}

function withDefaults(rule: Recurrence): Recurrence {
  const { month, date, weekday } = calendarDay(rule.start);
  const { weekNumbers, yearDays, monthDays, weekdays, frequency } = rule;
  if (yearDays.length + monthDays.length + weekdays.length > 0) return rule;
  if (frequency === 'WEEKLY' || weekNumbers.length > 0) return { ...rule, weekdays: [{ weekday }] };
  if (frequency === 'MONTHLY') return { ...rule, monthDays: [date] };
  if (frequency !== 'YEARLY') return rule;
  return { ...rule, monthDays: [date], months: rule.months.length > 0 ? rule.months : [month] };
}
