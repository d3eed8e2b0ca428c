import { expect, test } from 'vitest';
import { isFiltered, runFilterOf } from './filter.ts';

test('R-X4 the address tells what is looked for, and nonsense in it is passed over', () => {
  expect(runFilterOf({ flow: 'orders', status: 'failed', within: 'day', key: 4711, order: 'oldest' })).toEqual({
    flow: 'orders',
    status: 'failed',
    within: 'day',
    key: '4711',
    order: 'oldest',
  });
  expect(runFilterOf({ status: 'great', within: 'ever', flow: ['a'], code: '' })).toEqual({});
});

test('an order leaves out nothing', () => {
  expect(isFiltered({ order: 'oldest' })).toBe(false);
  expect(isFiltered({ key: '4711' })).toBe(true);
});
