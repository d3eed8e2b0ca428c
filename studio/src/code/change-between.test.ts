import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeBetween } from './change-between.ts';

test('R-X4 what is the same in two texts is left alone', () => {
  expect(changeBetween('{"a": 1, "b": 2}', '{"a": 17, "b": 2}')).toEqual({ from: 7, to: 7, insert: '7' });
  expect(changeBetween('aaa', 'aa')).toEqual({ from: 2, to: 3, insert: '' });
  expect(changeBetween('same', 'same')).toBeUndefined();
});

test('R-X4 a change makes of one text the other, whatever they are', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', 'ä') });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const change = changeBetween(before, after) ?? { from: 0, to: 0, insert: '' };
      expect(before.slice(0, change.from) + change.insert + before.slice(change.to)).toBe(after);
    }),
  );
});
