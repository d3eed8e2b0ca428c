import { JsonataError } from '../failure.ts';
import type { Run } from '../run.ts';
import { componentOf, dayNames, monthNames } from './calendar.ts';
import type { DatePart, Marker } from './date-picture.ts';
import { cased, formatInteger } from './format-integer.ts';
import { type IntegerPicture, readIntegerPicture } from './integer-picture.ts';

const twoDigits = readIntegerPicture('00');

/**
 * Writes a moment as its picture says (https://www.w3.org/TR/xpath-functions-31/#rules-for-datetime-formatting).
 * @param offset minutes east of UTC
 * @throws {JsonataError} D3133, D3134
 */
export function formatDate(run: Run, ms: number, offset: number, parts: readonly DatePart[]): string {
  const date = new Date(ms + offset * 60_000);
  if (Number.isNaN(date.getTime())) throw new JsonataError('D1001');
  run.spend(10 * parts.length);
  const text = parts.map((part) => (part.type === 'literal' ? part.text : written(run, date, offset, part))).join('');
  run.allocateText(text.length);
  return text;
}

function written(run: Run, date: Date, offset: number, marker: Marker): string {
  const { component } = marker;
  if (component === 'Z' || component === 'z') return zone(run, offset, marker);
  if (component === 'P') return period(date, marker);
  if (component === 'C' || component === 'E') return 'ISO';
  const value = componentOf(date, component);
  if (marker.names) return name(value, marker);
  const shown = marker.yearDigits === undefined ? value : value % 10 ** marker.yearDigits;
  return formatInteger(run, shown, marker.integer as IntegerPicture);
}

/** @throws {JsonataError} D3133 for a component that has no names */
function name(value: number, { component, names, maxWidth }: Marker): string {
  const full = component === 'F' ? dayNames[value - 1] : 'Mx'.includes(component) ? monthNames[value - 1] : undefined;
  if (full === undefined) throw new JsonataError('D3133');
  const text = names === 'title' ? full : cased(full.toLowerCase(), names ?? 'lower');
  return maxWidth === undefined ? text : text.slice(0, maxWidth);
}

function period(date: Date, { names }: Marker): string {
  const text = componentOf(date, 'P') === 0 ? 'am' : 'pm';
  return names === 'upper' ? text.toUpperCase() : text;
}

/** @throws {JsonataError} D3134 for a picture of more than four digits */
function zone(run: Run, offset: number, { component, integer, traditional }: Marker): string {
  const picture = integer as IntegerPicture;
  if (offset === 0 && traditional) return 'Z';
  const size = Math.abs(offset);
  const hours = Math.floor(size / 60);
  const minutes = size % 60;
  const digits = zoneDigits(run, hours, minutes, picture);
  return `${component === 'z' ? 'GMT' : ''}${offset < 0 ? '-' : '+'}${digits}`;
}

function zoneDigits(run: Run, hours: number, minutes: number, picture: IntegerPicture): string {
  if (picture.repeat > 0 || picture.mandatory > 2) {
    if (picture.mandatory > 4) throw new JsonataError('D3134');
    return formatInteger(run, hours * 100 + minutes, picture);
  }
  return formatInteger(run, hours, picture) + (minutes === 0 ? '' : `:${formatInteger(run, minutes, twoDigits)}`);
}
