import { expect, test } from 'vitest';
import { compile } from './compile.ts';
import { LeastRecentlyUsed } from './least-recently-used.ts';

test('a text is compiled once, for everybody', () => {
  expect(compile('a.b + 1')).toBe(compile('a.b + 1'));
});

test('what has not been used for longest is forgotten when the weights pass the limit', () => {
  const cache = new LeastRecentlyUsed<number>(3);
  let made = 0;
  const get = (key: string, weight = 1) => cache.get(key, weight, () => ++made);
  for (const key of ['a', 'b', 'c', 'a']) get(key);
  expect(made).toBe(3);
  get('d');
  expect([get('a'), get('c'), get('d')]).toEqual([1, 3, 4]);
  expect(get('b')).toBe(5);
  expect(get('huge', 10)).toBe(6);
  expect([get('huge', 10), get('d')]).toEqual([6, 7]);
});

test('what cannot be made is not kept', () => {
  const cache = new LeastRecentlyUsed<number>(3);
  const fails = () => {
    throw new Error('no');
  };
  expect(() => cache.get('a', 1, fails)).toThrow('no');
  expect(cache.get('a', 1, () => 2)).toBe(2);
});
