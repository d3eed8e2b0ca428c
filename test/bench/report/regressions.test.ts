import { expect, test } from 'vitest';
import type { Ratio } from './ratios.ts';
import { regressionsOf } from './regressions.ts';

const ratio = (name: string, value: number, better: Ratio['better'] = 'higher'): Ratio => ({ name, value, better });

test('a quarter worse is allowed, more is not', () => {
  const last = [ratio('speed', 4), ratio('cost', 4, 'lower')];
  expect(regressionsOf([ratio('speed', 3), ratio('cost', 5, 'lower')], last)).toEqual([]);
  expect(regressionsOf([ratio('speed', 2.9), ratio('cost', 5.1, 'lower')], last)).toEqual([
    { name: 'speed', before: 4, now: 2.9 },
    { name: 'cost', before: 4, now: 5.1 },
  ]);
});

test('better is never a regression, and neither is what was not recorded', () => {
  expect(regressionsOf([ratio('speed', 40), ratio('new', 1)], [ratio('speed', 4), ratio('gone', 9)])).toEqual([]);
});

test('growth that was once found to be less than linear may be linear the next time', () => {
  const last = [ratio('a node more', 0.6, 'lower')];
  expect(regressionsOf([ratio('a node more', 1.25, 'lower')], last)).toEqual([]);
  expect(regressionsOf([ratio('a node more', 1.26, 'lower')], last)).toHaveLength(1);
});
