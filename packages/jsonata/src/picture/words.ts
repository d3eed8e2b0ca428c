const small = `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen`.split(/\s+/);
const smallOrdinals =
  `zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth`.split(/\s+/);
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const magnitudes = 'thousand million billion trillion'.split(' ');

/** A whole number of any size from 0 on in English words: `one thousand, two hundred and thirty-four`. */
export function words(number: number, ordinal: boolean): string {
  return spoken(number, ordinal, false);
}

/** @param follows something larger has been said before */
function spoken(number: number, ordinal: boolean, follows: boolean): string {
  if (number < 20) return (follows ? ' and ' : '') + ((ordinal ? smallOrdinals : small)[number] ?? '');
  if (number < 100) return (follows ? ' and ' : '') + spokenTens(number, ordinal);
  const [unit, name] = number < 1000 ? [100, 'hundred'] : magnitudeOf(number);
  const count = Math.floor(number / unit);
  const rest = number - count * unit;
  const head = `${follows ? ', ' : ''}${spoken(count, false, false)} ${name}`;
  return head + (rest > 0 ? spoken(rest, ordinal, true) : ordinal ? 'th' : '');
}

function spokenTens(number: number, ordinal: boolean): string {
  const ten = tens[Math.floor(number / 10) - 2] ?? '';
  const rest = number % 10;
  if (rest > 0) return `${ten}-${spoken(rest, ordinal, false)}`;
  return ordinal ? ten.replace(/y$/, 'ieth') : ten;
}

function magnitudeOf(number: number): [unit: number, name: string] {
  const step = Math.min(Math.floor(Math.log10(number) / 3), magnitudes.length);
  return [10 ** (step * 3), magnitudes[step - 1] ?? ''];
}

const values: ReadonlyMap<string, number> = new Map([
  ...[...small.entries(), ...smallOrdinals.entries()].map(([value, word]) => [word, value] as const),
  ...tens.flatMap((word, index) => [
    [word, (index + 2) * 10] as const,
    [word.replace(/y$/, 'ieth'), (index + 2) * 10] as const,
  ]),
  ['hundred', 100],
  ['hundredth', 100],
  ...magnitudes.flatMap((word, index) => [
    [word, 1000 ** (index + 1)] as const,
    [`${word}th`, 1000 ** (index + 1)] as const,
  ]),
]);

/** The number that words stand for; not a number where they stand for none. */
export function numberFromWords(text: string): number {
  const parts: number[] = [0];
  for (const word of text.toLowerCase().split(/,\s|\sand\s|[\s-]/)) {
    const value = values.get(word) ?? Number.NaN;
    const last = parts.pop() ?? 0;
    if (!(value < 100)) parts.push(last * value);
    else if (last >= 1000) parts.push(last, value);
    else parts.push(last + value);
  }
  return parts.reduce((sum, part) => sum + part, 0);
}
