import { MillraceError } from '@millrace/contract';

export type Restart = 'never' | 'yearly' | 'monthly';

/** A number's format, read: text with places for the year, the month and the number. */
export interface NumberFormat {
  /** What a series begins anew with: `2026`, `2026-11`, or nothing. */
  period(day: string): string;
  write(day: string, number: number): string;
}

const placePattern = /\{(YYYY|YY|MM|N+)\}/g;

/**
 * @param restart when numbers begin anew; the format must then tell the periods apart, or a number would come twice
 * @throws {MillraceError} `NUMBER_FORMAT_INVALID`
 */
export function numberFormat(text: string, restart: Restart): NumberFormat {
  const places = [...text.matchAll(placePattern)].map(([, place = '']) => place);
  if (places.filter((place) => place.startsWith('N')).length !== 1)
    throw invalid('The format needs one place for the number, such as {NNNNN}.');
  if (/[{}]/.test(text.replace(placePattern, '')))
    throw invalid('Places are {YYYY}, {YY}, {MM} and {N} with as many N as digits.');
  if (restart !== 'never' && !places.some((place) => place.startsWith('Y')))
    throw invalid('Numbers that begin anew need the year in their format: {YYYY} or {YY}.');
  if (restart === 'monthly' && !places.includes('MM'))
    throw invalid('Numbers that begin anew every month need {MM} in their format.');
  return {
    period: (day) => ({ never: '', yearly: day.slice(0, 4), monthly: day.slice(0, 7) })[restart],
    write: (day, number) => text.replace(placePattern, (_, place: string) => written(place, day, number)),
  };
}

function written(place: string, day: string, number: number): string {
  if (place === 'YYYY') return day.slice(0, 4);
  if (place === 'YY') return day.slice(2, 4);
  if (place === 'MM') return day.slice(5, 7);
  return String(number).padStart(place.length, '0');
}

function invalid(message: string): MillraceError {
  return new MillraceError('NUMBER_FORMAT_INVALID', message, { pointer: '/format' });
}
