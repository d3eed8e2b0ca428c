import type { IntegerPicture } from './integer-picture.ts';
import { numberFromLetters, numberFromRoman } from './roman.ts';
import { numberFromWords } from './words.ts';

/** Reads what a picture has written; not a number where it is something else. */
export function parseInteger(text: string, picture: IntegerPicture): number {
  switch (picture.style) {
    case 'letters':
      return numberFromLetters(text);
    case 'roman':
      return numberFromRoman(text);
    case 'words':
      return numberFromWords(text);
    default:
      return fromDigits(text, picture);
  }
}

function fromDigits(text: string, { ordinal, repeat, separators, zero }: IntegerPicture): number {
  const characters = repeat > 0 ? [','] : separators.map(({ character }) => character);
  let digits = ordinal ? text.slice(0, -2) : text;
  for (const character of characters) digits = digits.replaceAll(character, '');
  const ascii = Array.from(digits)
    .map((digit) => fromFamily(digit, zero))
    .join('');
  return Number.parseInt(ascii, 10);
}

function fromFamily(digit: string, zero: number): string {
  const value = digit.charCodeAt(0) - zero;
  return value >= 0 && value <= 9 ? String(value) : digit;
}

/**
 * A regular expression for what a picture writes, without groups.
 * @param width number of digits, where another number follows at once
 */
export function patternOf({ style, zero, ordinal, separators }: IntegerPicture, width?: number): string {
  if (style === 'letters') return '[a-z]+';
  if (style === 'roman') return '[mdclxvi]+';
  if (style === 'words') return '[a-z, -]+';
  const marks = separators.map(({ character }) => `\\x{${character.charCodeAt(0).toString(16)}}`).join('');
  const digit = `[${inRange(zero)}${marks}]`;
  return digit + (width === undefined ? '+' : `{${width}}`) + (ordinal ? '(?:th|st|nd|rd)' : '');
}

function inRange(zero: number): string {
  return `\\x{${zero.toString(16)}}-\\x{${(zero + 9).toString(16)}}`;
}
