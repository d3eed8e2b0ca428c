import { expect, test } from 'vitest';
import { median, medianOfEach } from './median.ts';

test('the middle one, and the lower of two', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2);
  expect(median([])).toBeNaN();
});

test('objects are made one, figure by figure', () => {
  const one = (a: number, b: number) => ({ name: 'send', a, deep: { b } });
  expect(medianOfEach([one(1, 30), one(2, 10), one(3, 20)])).toEqual({ name: 'send', a: 2, deep: { b: 20 } });
});
