import { expect, test } from 'vitest';
import { numberFormat, type Restart } from './format.ts';

test.each<[string, Restart, number, string, string]>([
  ['WF-{YYYY}-{NNNNN}', 'yearly', 7, '2026', 'WF-2026-00007'],
  ['{YY}{MM}/{NN}', 'monthly', 123, '2026-03', '2603/123'],
  ['{N}', 'never', 1_000_000, '', '1000000'],
])('%s, %s', (text, restart, number, period, written) => {
  const format = numberFormat(text, restart);
  expect([format.period('2026-03-02'), format.write('2026-03-02', number)]).toEqual([period, written]);
});

test.each<[string, Restart]>([
  ['WF', 'never'],
  ['{N}-{NN}', 'never'],
  ['{N}{DD}', 'never'],
  ['{N', 'never'],
  ['{NNNN}', 'yearly'],
  ['{YYYY}-{N}', 'monthly'],
])('%s, %s, is refused: numbers would be missing or come twice', (text, restart) => {
  expect(() => numberFormat(text, restart)).toThrow(expect.objectContaining({ code: 'NUMBER_FORMAT_INVALID' }));
});
