import { expect, test } from 'vitest';
import { driftOf } from './drift.ts';

test('R-X4 drift is the share of records that were not as they were known', () => {
  expect(driftOf({ received: 98, created: 1, changed: 2, missing: 2 })).toBe(5);
  expect(driftOf({ received: 0, created: 0, changed: 0, missing: 0 })).toBeUndefined();
});
