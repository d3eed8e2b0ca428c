import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compactTime, instantOf, isDateTime } from './time.ts';

test.each([
  '2025-12-27T10:00:00Z',
  '20251227T100000Z',
  '2025-12-27T11:00:00+01:00',
  '20251227T050000-0500',
  '20251227100000',
  '2025-12-27 10:00:00.000Z',
])('%s is the same instant', (text) => {
  expect(instantOf(text)).toBe(Date.UTC(2025, 11, 27, 10));
});

test.each(['', 'yesterday', '2025-02-30T10:00:00Z', '2025-12-27', '2025-12-27T25:00:00Z', '20251227T100000+9900'])(
  '%j is no instant',
  (text) => expect(instantOf(text)).toBeUndefined(),
);

test('a date and time without its zone names no one instant', () => {
  expect(isDateTime('2025-12-27T10:10:00')).toBe(false);
  expect(isDateTime('2025-12-27T10:10:00+01:00')).toBe(true);
});

test('the compact form reads back to the second', () => {
  const dates = fc.date({ min: new Date('1970-01-01'), max: new Date('2999-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(dates, (date) => {
      expect(instantOf(compactTime(date))).toBe(Math.floor(date.getTime() / 1000) * 1000);
    }),
  );
});
