import { JsonataError } from '../failure.ts';
import type { Run } from '../run.ts';
import type { IntegerPicture, LetterCase, Separator } from './integer-picture.ts';
import { letters, roman } from './roman.ts';
import { words } from './words.ts';

/** Beyond it letters and numerals would fill pages. */
const maxRoman = 1_000_000;

/** Writes a whole number as its picture says. @throws {JsonataError} D1001 for what is no number */
export function formatInteger(run: Run, value: number, picture: IntegerPicture): string {
  if (!Number.isFinite(value)) throw new JsonataError('D1001');
  const whole = Math.floor(value);
  const text = unsigned(Math.abs(whole), picture);
  run.allocateText(text.length);
  return whole < 0 ? `-${text}` : text;
}

function unsigned(number: number, picture: IntegerPicture): string {
  switch (picture.style) {
    case 'letters':
      return cased(letters(number), picture.letterCase);
    case 'roman':
      if (number > maxRoman) throw new JsonataError('D1001');
      return cased(roman(number), picture.letterCase);
    case 'words':
      return cased(words(number, picture.ordinal), picture.letterCase);
    default:
      return decimal(number, picture);
  }
}

export function cased(text: string, letterCase: LetterCase): string {
  if (letterCase === 'upper') return text.toUpperCase();
  if (letterCase === 'lower') return text;
  return text.replace(/[a-z]+/g, (word) => (word === 'and' ? word : word.charAt(0).toUpperCase() + word.slice(1)));
}

function decimal(number: number, { mandatory, zero, repeat, separators, ordinal }: IntegerPicture): string {
  const digits = inFamily(String(number).padStart(mandatory, '0'), zero);
  const grouped = repeat > 0 ? groupedEvery(digits, repeat, separators) : groupedAt(digits, separators);
  return ordinal ? grouped + ordinalSuffix(String(number)) : grouped;
}

/** ASCII digits in another family of digits. */
export function inFamily(digits: string, zero: number): string {
  return zero === 0x30 ? digits : digits.replace(/[0-9]/g, (digit) => String.fromCharCode(zero + Number(digit)));
}

function groupedEvery(digits: string, distance: number, separators: readonly Separator[]): string {
  const { character } = separators[0] as Separator;
  let text = digits;
  for (let at = digits.length - distance; at > 0; at -= distance) text = text.slice(0, at) + character + text.slice(at);
  return text;
}

function groupedAt(digits: string, separators: readonly Separator[]): string {
  let text = digits;
  for (const { position, character } of separators) {
    const at = digits.length - position;
    if (at > 0) text = text.slice(0, at) + character + text.slice(at);
  }
  return text;
}

function ordinalSuffix(digits: string): string {
  if (digits.length > 1 && digits.at(-2) === '1') return 'th';
  return { '1': 'st', '2': 'nd', '3': 'rd' }[digits.at(-1) ?? ''] ?? 'th';
}
