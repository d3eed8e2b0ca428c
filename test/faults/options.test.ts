import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

test.each([
  [
    ['--only', 'T1,commerce'],
    ['T1', 'commerce'],
  ],
  [['commerce'], ['commerce']],
  [
    ['--long', 'T1', 'T2'],
    ['T1', 'T2'],
  ],
  [['--long'], undefined],
])('%j tries %j', (args, only) => {
  expect(readOptions(args).only).toEqual(only);
});

test('what there is not is refused', () => {
  expect(() => readOptions(['--seed', 'x'])).toThrow('“x” is no seed');
  expect(() => readOptions(['--short'])).toThrow('--short');
});
