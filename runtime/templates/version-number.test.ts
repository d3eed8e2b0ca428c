import { expect, test } from 'vitest';
import { isNewer, numberAfter } from './version-number.ts';

test('R-X6 versions are compared number by number', () => {
  expect(isNewer('10', '9')).toBe(true);
  expect(isNewer('1.10', '1.9')).toBe(true);
  expect(isNewer('1.0.1', '1')).toBe(true);
  expect(isNewer('1.0', '1')).toBe(false);
  expect(isNewer('1.9', '2')).toBe(false);
});

test('R-X6 where the publisher says no number it is the next whole one', () => {
  expect([numberAfter(undefined), numberAfter('1'), numberAfter('2.7')]).toEqual(['1', '2', '3']);
});
