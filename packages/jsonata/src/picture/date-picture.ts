import { JsonataError } from '../failure.ts';
import { type IntegerPicture, readIntegerPicture } from './integer-picture.ts';

/** A part of a picture that stands for itself. */
export interface Literal {
  readonly type: 'literal';
  readonly text: string;
}

/** A component of a date or time, such as `[Y0001]` or `[MNn,3-3]`. */
export interface Marker {
  readonly type: 'marker';
  readonly component: string;
  /** Written as a name, in this case. */
  readonly names: 'upper' | 'lower' | 'title' | undefined;
  /** Written as a number. */
  readonly integer: IntegerPicture | undefined;
  /** `t`: the zone UTC is written `Z`. */
  readonly traditional: boolean;
  /** Most characters of a name. */
  readonly maxWidth: number | undefined;
  /** Digits of a year that are kept. */
  readonly yearDigits: number | undefined;
  /** Digits to read, where another number follows without anything in between. */
  readonly parseWidth: number | undefined;
}

export type DatePart = Literal | Marker;

const usual: Readonly<Record<string, string>> = {
  Y: '1',
  M: '1',
  D: '1',
  d: '1',
  F: 'n',
  W: '1',
  w: '1',
  X: '1',
  x: '1',
  H: '1',
  h: '1',
  P: 'n',
  m: '01',
  s: '01',
  f: '1',
  Z: '01:01',
  z: '01:01',
  C: 'n',
  E: 'n',
};

/**
 * Reads a picture of XPath's `format-dateTime`.
 * @throws {JsonataError} D3135 without a closing `]`, D3132 for an unknown component, D3130, D3131
 */
export function readDatePicture(picture: string): DatePart[] {
  const parts: DatePart[] = [];
  let text = '';
  for (let at = 0; at < picture.length; at++) {
    const character = picture.charAt(at);
    const doubled = picture.charAt(at + 1) === character;
    if (character !== '[' || doubled) {
      text += character;
      if (doubled && (character === '[' || character === ']')) at++;
      continue;
    }
    const close = picture.indexOf(']', at);
    if (close < 0) throw new JsonataError('D3135');
    if (text !== '') parts.push({ type: 'literal', text });
    text = '';
    parts.push(readMarker(picture.slice(at + 1, close).replace(/\s+/g, '')));
    at = close;
  }
  if (text !== '') parts.push({ type: 'literal', text });
  return withParseWidths(parts);
}

function readMarker(marker: string): Marker {
  const component = marker.charAt(0);
  const usualPresentation = usual[component];
  if (usualPresentation === undefined) throw new JsonataError('D3132');
  const comma = marker.lastIndexOf(',');
  const [least, most] = comma < 0 ? [undefined, undefined] : readWidth(marker.slice(comma + 1));
  const modifiers = comma < 0 ? marker.slice(1) : marker.slice(1, comma);
  const hasSecond = modifiers.length > 1 && 'atco'.includes(modifiers.slice(-1));
  const first = hasSecond ? modifiers.slice(0, -1) : modifiers || usualPresentation;
  const second = hasSecond ? modifiers.slice(-1) : '';
  const names = first.startsWith('N')
    ? first.charAt(1) === 'n'
      ? 'title'
      : 'upper'
    : first.startsWith('n')
      ? 'lower'
      : undefined;
  const integer = names || 'PCE'.includes(component) ? undefined : integerOf(component, first, second, least);
  return {
    type: 'marker',
    component,
    names,
    integer: integer && component === 'Y' && most !== undefined ? { ...integer, mandatory: most } : integer,
    traditional: second === 't',
    maxWidth: most,
    yearDigits: component === 'Y' && integer ? (most ?? digitsIn(integer)) : undefined,
    parseWidth: undefined,
  };
}

function integerOf(component: string, first: string, second: string, least: number | undefined): IntegerPicture {
  if (component === 'Z' || component === 'z') return readIntegerPicture(first);
  const integer = readIntegerPicture(second === '' ? first : `${first};${second}`);
  return least !== undefined && integer.mandatory < least ? { ...integer, mandatory: least } : integer;
}

/** Two or more digits in the picture of a year say how many are written; fewer leave it whole. */
function digitsIn({ mandatory, optional }: IntegerPicture): number | undefined {
  return mandatory + optional >= 2 ? mandatory + optional : undefined;
}

function readWidth(text: string): [least: number | undefined, most: number | undefined] {
  const [least, most] = text.split('-');
  return [readCount(least), readCount(most)];
}

function readCount(text: string | undefined): number | undefined {
  return text === undefined || text === '*' ? undefined : Number.parseInt(text, 10);
}

/** Of two numbers side by side the first must have a fixed width. */
function withParseWidths(parts: readonly DatePart[]): DatePart[] {
  return parts.map((part, index) => {
    const next = parts[index + 1];
    if (part.type === 'literal' || next?.type !== 'marker' || !part.integer || !next.integer) return part;
    return 'Zz'.includes(next.component) ? part : { ...part, parseWidth: part.integer.mandatory };
  });
}
