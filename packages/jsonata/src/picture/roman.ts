const numerals: readonly (readonly [string, number])[] = [
  ['m', 1000],
  ['cm', 900],
  ['d', 500],
  ['cd', 400],
  ['c', 100],
  ['xc', 90],
  ['l', 50],
  ['xl', 40],
  ['x', 10],
  ['ix', 9],
  ['v', 5],
  ['iv', 4],
  ['i', 1],
];

/** In lower case; nothing for zero. */
export function roman(number: number): string {
  let rest = number;
  let text = '';
  for (const [numeral, value] of numerals) {
    text += numeral.repeat(Math.floor(rest / value));
    rest %= value;
  }
  return text;
}

/** A smaller numeral in front of a larger one counts against it; not a number for any other letter. */
export function numberFromRoman(text: string): number {
  let sum = 0;
  let largest = 0;
  for (const letter of Array.from(text.toLowerCase()).toReversed()) {
    const value = numerals.find(([numeral]) => numeral === letter)?.[1] ?? Number.NaN;
    sum += value < largest ? -value : value;
    largest = Math.max(largest, value);
  }
  return sum;
}

/** Letters as in a numbered list: a … z, aa, ab …; in lower case. */
export function letters(number: number): string {
  let text = '';
  for (let rest = number; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    text = String.fromCharCode(0x61 + ((rest - 1) % 26)) + text;
  }
  return text;
}

export function numberFromLetters(text: string): number {
  let number = 0;
  for (const letter of text.toLowerCase()) {
    const value = letter.charCodeAt(0) - 0x60;
    number = number * 26 + (value >= 1 && value <= 26 ? value : Number.NaN);
  }
  return number;
}
