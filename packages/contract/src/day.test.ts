import { expect, test } from 'vitest';
import { dayIn } from './day.ts';

test('a day is told as it is in the zone, the same every time', () => {
  const evening = new Date('2026-11-29T23:30:00Z');
  for (let time = 0; time < 2; time++) {
    expect(dayIn('UTC', evening)).toBe('2026-11-29');
    expect(dayIn('Europe/Stockholm', evening.getTime())).toBe('2026-11-30');
  }
  expect(() => dayIn('Europe/Nowhere', evening)).toThrow(RangeError);
});
