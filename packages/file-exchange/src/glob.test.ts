import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitsGlob } from './glob.ts';

test.each([
  ['*', '', true],
  ['*', 'anything.csv', true],
  ['*.csv', 'STOCK.CSV', true],
  ['*.csv', 'stock.csv.tmp', false],
  ['order_?.json', 'order_1.json', true],
  ['order_?.json', 'order_12.json', false],
  ['?', '😀', true],
  ['a.c', 'abc', false],
  ['[ab]*', 'abc', false],
  ['\u00f6*', 'o\u0308l.txt', true],
  ['', '', true],
  ['', 'a', false],
])('the pattern %j fits %j: %s', (pattern, name, fits) => {
  expect(fitsGlob(pattern, name)).toBe(fits);
});

test('fits what the same regular expression fits', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.'), maxLength: 8 });
  const name = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 10 });
  fc.assert(
    fc.property(text, name, (pattern, given) => {
      const source = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
      expect(fitsGlob(pattern, given)).toBe(new RegExp(`^${source}$`).test(given));
    }),
    { numRuns: 2000 },
  );
});

test('a pattern that drives a backtracking matcher mad is answered', () => {
  expect(fitsGlob(`${'*a'.repeat(90)}b`, 'a'.repeat(200))).toBe(false);
});
