import { JsonataError } from '../failure.ts';

export type LetterCase = 'upper' | 'lower' | 'title';

/** A grouping separator and how many digits stand to its right. */
export interface Separator {
  readonly position: number;
  readonly character: string;
}

/** How an integer is written, out of a picture of XPath's `format-integer`. */
export interface IntegerPicture {
  readonly style: 'decimal' | 'letters' | 'roman' | 'words';
  readonly letterCase: LetterCase;
  readonly ordinal: boolean;
  /** Digits that are always written. */
  readonly mandatory: number;
  readonly optional: number;
  /** Code of the zero in the picture's family of digits. */
  readonly zero: number;
  readonly separators: readonly Separator[];
  /** Distance of separators that repeat without end; 0 where they do not. */
  readonly repeat: number;
}

/** First digits of Unicode's decimal families in the basic plane. */
const zeros = [
  0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
  0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0,
  0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
];

const named: Readonly<Record<string, Pick<IntegerPicture, 'style' | 'letterCase'>>> = {
  A: { style: 'letters', letterCase: 'upper' },
  a: { style: 'letters', letterCase: 'lower' },
  I: { style: 'roman', letterCase: 'upper' },
  i: { style: 'roman', letterCase: 'lower' },
  W: { style: 'words', letterCase: 'upper' },
  Ww: { style: 'words', letterCase: 'title' },
  w: { style: 'words', letterCase: 'lower' },
};

/** @throws {JsonataError} D3130 for an unknown picture, D3131 for digits of several families */
export function readIntegerPicture(picture: string): IntegerPicture {
  const semicolon = picture.lastIndexOf(';');
  const primary = semicolon < 0 ? picture : picture.slice(0, semicolon);
  const ordinal = semicolon >= 0 && picture.charAt(semicolon + 1) === 'o';
  const plain = {
    letterCase: 'lower',
    ordinal,
    mandatory: 0,
    optional: 0,
    zero: 0x30,
    separators: [],
    repeat: 0,
  } as const;
  const style = named[primary];
  return style ? { ...plain, ...style } : { ...plain, ...readDigits(primary) };
}

function readDigits(primary: string): Omit<IntegerPicture, 'letterCase' | 'ordinal'> {
  let zero: number | undefined;
  let mandatory = 0;
  let optional = 0;
  const separators: Separator[] = [];
  for (const character of Array.from(primary).toReversed()) {
    const family = zeroOf(character);
    if (family !== undefined) {
      if (zero !== undefined && zero !== family) throw new JsonataError('D3131');
      zero = family;
      mandatory++;
    } else if (character === '#') optional++;
    else separators.push({ position: mandatory + optional, character });
  }
  if (zero === undefined) throw new JsonataError('D3130');
  return { style: 'decimal', mandatory, optional, zero, separators, repeat: repeatOf(separators) };
}

function zeroOf(character: string): number | undefined {
  const code = character.charCodeAt(0);
  return character.length === 1 ? zeros.find((zero) => code >= zero && code <= zero + 9) : undefined;
}

/** Separators of one kind at every multiple of a distance go on repeating. */
export function repeatOf(separators: readonly Separator[]): number {
  const [first] = separators;
  if (!first || separators.some(({ character }) => character !== first.character)) return 0;
  const positions = new Set(separators.map(({ position }) => position));
  const distance = [...positions].reduce(greatestCommonDivisor);
  for (let count = 1; count <= separators.length; count++) if (!positions.has(count * distance)) return 0;
  return distance;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
