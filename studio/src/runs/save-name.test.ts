import { expect, test } from 'vitest';
import { freeName } from './save-name.ts';

test('R-E4 a test of a run takes no other test’s place', () => {
  expect(freeName('order', {})).toBe('order');
  expect(freeName('order', { order: 1, 'order 2': 1 })).toBe('order 3');
});
