import { expect, test } from 'vitest';
import { createAdmission } from './admission.ts';

test('one tenant cannot take every place', () => {
  const admission = createAdmission(4);
  expect([1, 2, 3, 4].map(() => admission.admitNew('loud'))).toEqual([true, true, true, false]);
  expect(admission.admitNew('quiet')).toBe(true);
  expect(admission.free).toBe(0);
});

test('what comes new does not overtake what waits already; what has begun goes before it', () => {
  const admission = createAdmission(4);
  for (let run = 0; run < 4; run++) admission.admitNew('loud');
  admission.release('loud');
  expect(admission.isBehind).toBe(true);
  expect(admission.admitNew('loud')).toBe(false);
  expect(admission.admit('loud')).toBe(true);
});

test('when nothing of a tenant waits any more, new runs begin at once again', () => {
  const admission = createAdmission(1);
  admission.admitNew('a');
  admission.admitNew('a');
  admission.release('a');
  admission.caughtUp(new Set(['a']));
  expect(admission.admitNew('a')).toBe(false);
  admission.caughtUp(new Set());
  expect(admission.admitNew('a')).toBe(true);
});

test('a process without places takes nothing', () => {
  expect(createAdmission(0).admit('anybody')).toBe(false);
});
