import { JsonataError } from '../failure.ts';
import { compileEngine } from '../regex/engine.ts';
import { componentOf, dayNames, monthNames } from './calendar.ts';
import type { DatePart, Marker } from './date-picture.ts';
import type { IntegerPicture } from './integer-picture.ts';
import { parseInteger, patternOf } from './parse-integer.ts';

/** Reads moments that one picture describes. */
export interface DateReader {
  /**
   * Milliseconds since 1970; nothing for a text that the picture does not describe.
   * @param now what components larger than the picture's own are taken from
   * @throws {JsonataError} D3136 when components are missing in between
   */
  read(text: string, now: number): number | undefined;
}

interface Field {
  readonly component: string;
  readonly pattern: string;
  read(text: string): number;
}

/** @throws {JsonataError} D3133 for a component that has no names */
export function dateReader(parts: readonly DatePart[]): DateReader {
  const fields = parts.map((part) => (part.type === 'literal' ? undefined : fieldOf(part)));
  const pattern = parts.map((part, index) =>
    part.type === 'literal' ? quoted(part.text) : `(${fields[index]?.pattern})`,
  );
  const engine = compileEngine({ source: `^${pattern.join('')}$`, flags: 'i' }, undefined);
  const read = fields.filter((field) => field !== undefined);
  return {
    read: (text, now) => {
      const found = engine.find(text, 0);
      if (!found || read.length === 0) return undefined;
      const values = new Map(read.map((field, index) => [field.component, field.read(found.groups[index] ?? '')]));
      return [...values.values()].some(Number.isNaN) ? undefined : moment(values, now);
    },
  };
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function fieldOf(marker: Marker): Field {
  const { component } = marker;
  if (component === 'Z' || component === 'z') return zoneField(marker);
  if (component === 'P') return { component, pattern: 'am|pm', read: (text) => (text.toLowerCase() === 'am' ? 0 : 1) };
  if (component === 'C' || component === 'E') return { component, pattern: 'ISO', read: () => 0 };
  if (marker.names) return nameField(marker);
  const integer = marker.integer as IntegerPicture;
  const pattern = patternOf(integer, marker.parseWidth);
  if (component === 'f' && integer.style === 'decimal') return { component, pattern, read: readFraction };
  return { component, pattern, read: (text) => parseInteger(text, integer) };
}

/** Digits behind the point of a second, as milliseconds. */
function readFraction(text: string): number {
  return Number(text.slice(0, 3).padEnd(3, '0'));
}

function nameField({ component, maxWidth }: Marker): Field {
  const full = component === 'F' ? dayNames : 'Mx'.includes(component) ? monthNames : undefined;
  if (!full) throw new JsonataError('D3133');
  const names = full.map((name) => name.slice(0, maxWidth).toLowerCase());
  return { component, pattern: names.join('|'), read: (text) => names.indexOf(text.toLowerCase()) + 1 };
}

/** Minutes east of UTC. */
function zoneField({ component, integer }: Marker): Field {
  const separator = integer?.separators.length === 1 ? quoted(integer.separators[0]?.character ?? '') : '';
  const digits = separator === '' ? '[0-9]+' : `[0-9]+(?:${separator}[0-9]+)?`;
  return {
    component: 'Z',
    pattern: `${component === 'z' ? 'GMT' : ''}[-+]${digits}`,
    read: (text) => readZone(text.replace(/^gmt/i, '')),
  };
}

function readZone(text: string): number {
  const [whole = '', behind] = text.slice(1).split(/[^0-9]/);
  const hours = behind === undefined && whole.length > 2 ? whole.slice(0, -2) : whole;
  const minutes = behind ?? (whole.length > 2 ? whole.slice(-2) : '0');
  const size = Number(hours) * 60 + Number(minutes);
  return text.startsWith('-') ? -size : size;
}

/** By descending size. @throws {JsonataError} D3136 */
function moment(values: Map<string, number>, now: number): number {
  const components = [
    ...dateComponents(values),
    ...(values.has('P') || values.has('h') ? ['P', 'h'] : ['H']),
    'm',
    's',
    'f',
  ];
  const filled = withMissing(components, values, new Date(now));
  const get = (component: string) => filled.get(component) ?? 0;
  const hours = filled.has('h') ? (get('h') % 12) + 12 * get('P') : get('H');
  const date = new Date(0);
  date.setUTCFullYear(get('Y'), filled.has('d') ? 0 : get('M') - 1, get(filled.has('d') ? 'd' : 'D'));
  date.setUTCHours(hours, get('m'), get('s'), get('f'));
  return date.getTime() - (values.get('Z') ?? 0) * 60_000;
}

/** A date is a year, month and day or a year and its day; weeks cannot be read. */
function dateComponents(values: ReadonlyMap<string, number>): string[] {
  if (['X', 'x', 'W', 'w'].some((component) => values.has(component))) throw new JsonataError('D3136');
  return values.has('d') && !values.has('M') && !values.has('D') ? ['Y', 'd'] : ['Y', 'M', 'D'];
}

/** What is larger than all that is given comes from now, what is smaller is the least there is. */
function withMissing(
  components: readonly string[],
  values: ReadonlyMap<string, number>,
  now: Date,
): Map<string, number> {
  const filled = new Map<string, number>();
  let started = false;
  let ended = false;
  for (const component of components) {
    const value = values.get(component);
    if (value !== undefined) {
      if (ended) throw new JsonataError('D3136');
      started = true;
      filled.set(component, value);
    } else if (started) {
      ended = true;
      filled.set(component, 'MDd'.includes(component) ? 1 : 0);
    } else filled.set(component, componentOf(now, component));
  }
  return filled;
}
