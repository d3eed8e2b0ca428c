import { expect, test } from 'vitest';
import { figure, table } from './table.ts';

test.each([
  [1234.5, '1,235'],
  [56.71, '56.7'],
  [1.234, '1.23'],
  [0.3049, '0.305'],
  [Number.NaN, '–'],
  [undefined, '–'],
])('%d is shown as %s', (value, text) => {
  expect(figure(value)).toBe(text);
});

test('columns line up', () => {
  expect(table(['', 'a'], [['one', '1,000']])).toBe('|      |     a |\n| ---- | ----: |\n| one  | 1,000 |');
});
