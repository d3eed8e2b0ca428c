import { expect, test } from 'vitest';
import { duration, relativeTime, timeMark, withLocalTimes } from './time.ts';

const now = new Date('2026-01-31T12:00:00Z');
const from = (iso: string) => relativeTime(new Date(iso), now);

test('times are told from now, and as a date where they are far away', () => {
  expect(from('2026-01-31T11:57:01Z')).toBe('3 min. ago');
  expect(from('2026-01-31T15:59:58Z')).toBe('in 4 hr.');
  expect(from('2026-01-30T22:00:00Z')).toBe('14 hr. ago');
  expect(from('2026-01-31T11:59:59.900Z')).toBe('now');
  expect(from('2026-01-31T14:00:00Z')).toBe('in 2 hr.');
  expect(from('2026-02-07T12:00:00Z')).toBe('in 7 days');
  expect(from('2026-01-31T12:00:00Z')).toBe('now');
  expect(from('2025-10-01T12:00:00Z')).toBe('1 Oct 2025');
});

test('durations are told in at most two units', () => {
  expect(duration(0)).toBe('< 1 ms');
  expect(duration(840)).toBe('840 ms');
  expect(duration(10_049)).toBe('10 s');
  expect(duration(59_999)).toBe('59.9 s');
  expect(duration(200_000)).toBe('3 min 20 s');
  expect(duration(3_600_000)).toBe('1 h');
  expect(duration(2 * 86_400_000 + 4 * 3_600_000 + 61_000)).toBe('2 d 4 h');
});

test('times in a text of the server are read as local times', () => {
  expect(withLocalTimes('due by 2026-11-21T11:49:50.903Z')).not.toContain('T11:49');
  expect(withLocalTimes('order 2026-11-21 of A-1')).toBe('order 2026-11-21 of A-1');
});

test('an axis of times tells the time of day, and the day where one begins', () => {
  const midnight = new Date(2026, 10, 30).getTime() / 1_000;
  expect([midnight, midnight + 5_400].map((mark) => timeMark(mark, 1_800))).toEqual(['30 Nov', '01:30']);
  expect(timeMark(midnight + 5_400, 86_400)).toBe('30 Nov');
});
