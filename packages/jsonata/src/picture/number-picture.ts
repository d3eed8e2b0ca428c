import { JsonataError } from '../failure.ts';
import { repeatOf, type Separator } from './integer-picture.ts';

/** The signs of a picture of XPath's `format-number`, by the names that the options of `$formatNumber` have. */
export interface Signs {
  readonly 'decimal-separator': string;
  readonly 'grouping-separator': string;
  readonly 'exponent-separator': string;
  readonly infinity: string;
  readonly 'minus-sign': string;
  readonly NaN: string;
  readonly percent: string;
  readonly 'per-mille': string;
  readonly 'zero-digit': string;
  readonly digit: string;
  readonly 'pattern-separator': string;
}

export const usualSigns: Signs = {
  'decimal-separator': '.',
  'grouping-separator': ',',
  'exponent-separator': 'e',
  infinity: 'Infinity',
  'minus-sign': '-',
  NaN: 'NaN',
  percent: '%',
  'per-mille': '‰',
  'zero-digit': '0',
  digit: '#',
  'pattern-separator': ';',
};

/** One part of a picture, for positive or for negative numbers. */
export interface NumberPicture {
  readonly prefix: string;
  readonly suffix: string;
  /** 100 for percent, 1000 for per mille. */
  readonly factor: number;
  readonly wholeSeparators: readonly Separator[];
  readonly wholeRepeat: number;
  readonly minWhole: number;
  /** Mandatory digits before the point, which decide the size of the mantissa. */
  readonly scaling: number;
  readonly fractionSeparators: readonly number[];
  readonly minFraction: number;
  readonly maxFraction: number;
  readonly minExponent: number;
  readonly hasPoint: boolean;
}

interface Parts {
  readonly prefix: string;
  readonly suffix: string;
  readonly active: string;
  readonly mantissa: string;
  readonly whole: string;
  readonly fraction: string;
  readonly exponent: string | undefined;
}

/** @throws {JsonataError} D3080 to D3093, what is wrong with the picture */
export function readNumberPicture(picture: string, signs: Signs): NumberPicture[] {
  const pictures = picture.split(signs['pattern-separator']);
  if (pictures.length > 2) throw new JsonataError('D3080');
  return pictures.map((part) => {
    const parts = cut(part, signs);
    const problem = problems(part, parts, signs).at(-1);
    if (problem !== undefined) throw new JsonataError(problem);
    return analysed(part, parts, signs);
  });
}

/** The ten digits of the picture's family. */
function digitsOf(signs: Signs): string[] {
  const zero = signs['zero-digit'].charCodeAt(0);
  return Array.from({ length: 10 }, (_, digit) => String.fromCharCode(zero + digit));
}

function cut(picture: string, signs: Signs): Parts {
  const firm = new Set([...digitsOf(signs), signs['decimal-separator'], signs['grouping-separator'], signs.digit]);
  const characters = picture.split('');
  const first = characters.findIndex((character) => firm.has(character));
  const last = characters.findLastIndex((character) => firm.has(character));
  const active = first < 0 ? '' : picture.slice(first, last + 1);
  const exponentAt = active.indexOf(signs['exponent-separator']);
  const mantissa = exponentAt < 0 ? active : active.slice(0, exponentAt);
  const pointAt = mantissa.indexOf(signs['decimal-separator']);
  const suffix = first < 0 ? '' : picture.slice(last + 1);
  return {
    prefix: first < 0 ? picture : picture.slice(0, first),
    suffix,
    active,
    mantissa,
    whole: pointAt < 0 ? mantissa : mantissa.slice(0, pointAt),
    fraction: pointAt < 0 ? '' : mantissa.slice(pointAt + 1),
    exponent: exponentAt < 0 ? exponentWithin(suffix, signs) : active.slice(exponentAt + 1),
  };
}

/** An exponent sign right behind the digits has no digits of its own. */
function exponentWithin(suffix: string, signs: Signs): string | undefined {
  return suffix.startsWith(signs['exponent-separator']) ? '' : undefined;
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1;
}

/** In the order of the specification (https://www.w3.org/TR/xpath-functions-31/#syntax-of-picture-string). */
function problems(picture: string, parts: Parts, signs: Signs): string[] {
  const digits = new Set(digitsOf(signs));
  const { mantissa, whole, fraction, exponent, active } = parts;
  const group = signs['grouping-separator'];
  const point = signs['decimal-separator'];
  const percents = count(picture, signs.percent);
  const perMilles = count(picture, signs['per-mille']);
  const isDigit = (character: string) => digits.has(character);
  const known = new Set([...digits, point, group, signs.digit, signs['exponent-separator']]);
  const rules: [string, boolean][] = [
    ['D3081', count(picture, point) > 1],
    ['D3082', percents > 1],
    ['D3083', perMilles > 1],
    ['D3084', percents > 0 && perMilles > 0],
    ['D3085', !Array.from(mantissa).some((character) => isDigit(character) || character === signs.digit)],
    ['D3086', (active === '' && picture !== '') || Array.from(active).some((character) => !known.has(character))],
    ['D3087', picture.includes(group + point) || picture.includes(point + group)],
    ['D3088', !mantissa.includes(point) && whole.endsWith(group)],
    ['D3089', picture.includes(group + group)],
    ['D3090', whole.slice(firstIndex(whole, isDigit)).includes(signs.digit)],
    ['D3091', Array.from(fraction.slice(firstIndex(fraction, (character) => character === signs.digit))).some(isDigit)],
    ['D3092', Boolean(exponent) && (percents > 0 || perMilles > 0)],
    ['D3093', exponent !== undefined && (exponent === '' || !Array.from(exponent).every(isDigit))],
  ];
  return rules.filter(([, broken]) => broken).map(([code]) => code);
}

function firstIndex(text: string, holds: (character: string) => boolean): number {
  const index = text.split('').findIndex(holds);
  return index < 0 ? text.length : index;
}

function analysed(picture: string, parts: Parts, signs: Signs): NumberPicture {
  const { prefix, suffix, whole, fraction, exponent } = parts;
  const digits = new Set(digitsOf(signs));
  const mandatory = (text: string) => text.split('').filter((character) => digits.has(character)).length;
  const wholeSeparators = separatorsOf(whole, signs);
  const sizes = sizesOf(
    mandatory(whole),
    mandatory(fraction),
    count(fraction, signs.digit),
    exponent !== undefined,
    whole.includes(signs.digit),
  );
  return {
    prefix,
    suffix,
    factor: picture.includes(signs.percent) ? 100 : picture.includes(signs['per-mille']) ? 1000 : 1,
    wholeSeparators,
    wholeRepeat: repeatOf(wholeSeparators),
    scaling: mandatory(whole),
    ...sizes,
    fractionSeparators: fractionSeparatorsOf(fraction, signs),
    minExponent: exponent === undefined ? 0 : mandatory(exponent),
    hasPoint: picture.includes(signs['decimal-separator']),
  };
}

/** At least one digit is always written. */
function sizesOf(whole: number, fraction: number, optional: number, hasExponent: boolean, hasOptionalWhole: boolean) {
  let [minWhole, minFraction, maxFraction] = [whole, fraction, fraction + optional];
  if (minWhole === 0 && maxFraction === 0) {
    if (hasExponent) [minFraction, maxFraction] = [1, 1];
    else minWhole = 1;
  }
  if (hasExponent && minWhole === 0 && hasOptionalWhole) minWhole = 1;
  if (minWhole === 0 && minFraction === 0) minFraction = 1;
  return { minWhole, minFraction, maxFraction };
}

function separatorsOf(whole: string, signs: Signs): Separator[] {
  const group = signs['grouping-separator'];
  return [...whole.matchAll(new RegExp(quoted(group), 'g'))].map(({ index }) => ({
    position: whole.slice(index + group.length).replaceAll(group, '').length,
    character: group,
  }));
}

/** Digits to the left of each separator. */
function fractionSeparatorsOf(fraction: string, signs: Signs): number[] {
  const group = signs['grouping-separator'];
  const parts = fraction.split(group).slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('').length);
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
