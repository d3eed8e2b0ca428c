import Big from 'big.js';
import { JsonataError } from '../failure.ts';
import type { Run } from '../run.ts';
import { decimalOf, type Operand } from '../value/arithmetic.ts';
import { rounded } from '../value/rounding.ts';
import { inFamily } from './format-integer.ts';
import type { Separator } from './integer-picture.ts';
import { type NumberPicture, readNumberPicture, type Signs, usualSigns } from './number-picture.ts';
import { chargePicture } from './picture-length.ts';

/** As many digits behind the point as JavaScript writes. */
const maxDigits = 100;

/**
 * Writes a number as its picture says (https://www.w3.org/TR/xpath-functions-31/#formatting-numbers).
 * @throws {JsonataError} D3080 to D3093, what is wrong with the picture
 */
export function formatNumber(run: Run, value: Operand, picture: string, options: Partial<Signs> = {}): string {
  const signs = signsOf(options);
  chargePicture(run, picture);
  const [positive, negative] = readNumberPicture(picture, signs) as [NumberPicture, NumberPicture?];
  const chosen =
    Number(value) < 0 ? (negative ?? { ...positive, prefix: signs['minus-sign'] + positive.prefix }) : positive;
  const text = chosen.prefix + digits(value, chosen, signs) + chosen.suffix;
  run.allocateText(text.length);
  return text;
}

/** @throws {JsonataError} T0410 for a sign that is no text */
function signsOf(options: Partial<Signs>): Signs {
  const signs = { ...usualSigns, ...options };
  for (const name of Object.keys(usualSigns) as (keyof Signs)[]) {
    if (typeof signs[name] !== 'string' || signs[name] === '') throw new JsonataError('T0410', { index: 3 });
  }
  return signs;
}

function digits(value: Operand, picture: NumberPicture, signs: Signs): string {
  if (picture.minExponent > 0) {
    const [mantissa, exponent] = scaled(Number(value) * picture.factor, picture.scaling);
    return mantissaText(fixed(mantissa, picture), picture, signs) + exponentText(exponent, picture.minExponent, signs);
  }
  const text = typeof value === 'number' ? fixed(value * picture.factor, picture) : fixedExactly(value, picture);
  return mantissaText(text, picture, signs);
}

function fixed(value: number, { maxFraction }: NumberPicture): string {
  const places = Math.min(maxFraction, maxDigits);
  return Math.abs(rounded(value, places)).toFixed(places);
}

function fixedExactly(value: Operand, { factor, maxFraction }: NumberPicture): string {
  return decimalOf(value).abs().times(factor).toFixed(Math.min(maxFraction, maxDigits), Big.roundHalfEven);
}

/** The mantissa has as many digits before the point as the picture demands. */
function scaled(value: number, digitsBefore: number): [mantissa: number, exponent: number] {
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  const most = 10 ** digitsBefore;
  const least = 10 ** (digitsBefore - 1);
  let mantissa = value;
  let exponent = 0;
  for (; Math.abs(mantissa) < least; exponent--) mantissa *= 10;
  for (; Math.abs(mantissa) > most; exponent++) mantissa /= 10;
  return [mantissa, exponent];
}

function mantissaText(text: string, picture: NumberPicture, signs: Signs): string {
  const [whole = '', fraction = ''] = text.split('.');
  const significantWhole = whole.replace(/^0+/, '').padStart(picture.minWhole, '0');
  const significantFraction = fraction.replace(/0+$/, '').padEnd(picture.minFraction, '0');
  const zero = signs['zero-digit'].charCodeAt(0);
  const grouped = inFamily(groupedWhole(significantWhole, picture), zero);
  const point = picture.hasPoint && significantFraction !== '' ? signs['decimal-separator'] : '';
  return grouped + point + (point === '' ? '' : inFamily(groupedFraction(significantFraction, picture, signs), zero));
}

function groupedWhole(digits: string, { wholeSeparators, wholeRepeat }: NumberPicture): string {
  const [first] = wholeSeparators;
  if (!first) return digits;
  const places = wholeRepeat > 0 ? everyPlace(digits.length, wholeRepeat, first.character) : wholeSeparators;
  let text = digits;
  for (const { position, character } of places.toSorted((a, b) => a.position - b.position)) {
    const at = digits.length - position;
    if (at > 0) text = text.slice(0, at) + character + text.slice(at);
  }
  return text;
}

function everyPlace(length: number, distance: number, character: string): Separator[] {
  return Array.from({ length: Math.floor((length - 1) / distance) }, (_, index) => ({
    position: (index + 1) * distance,
    character,
  }));
}

function groupedFraction(digits: string, { fractionSeparators }: NumberPicture, signs: Signs): string {
  let text = digits;
  for (const position of fractionSeparators.toReversed()) {
    if (position < digits.length) text = text.slice(0, position) + signs['grouping-separator'] + text.slice(position);
  }
  return text;
}

function exponentText(exponent: number, size: number, signs: Signs): string {
  const digits = inFamily(String(Math.abs(exponent)).padStart(size, '0'), signs['zero-digit'].charCodeAt(0));
  return signs['exponent-separator'] + (exponent < 0 ? signs['minus-sign'] : '') + digits;
}
