import { expect, test } from 'vitest';
import { duration, relativeTime } from './time.ts';

const now = new Date('2026-01-31T12:00:00Z');
const from = (iso: string) => relativeTime(new Date(iso), now);

test('times are told from now, and as a date where they are far away', () => {
  expect(from('2026-01-31T11:57:01Z')).toBe('2 min. ago');
  expect(from('2026-01-31T14:00:00Z')).toBe('in 2 hr.');
  expect(from('2026-02-07T12:00:00Z')).toBe('in 7 days');
  expect(from('2026-01-31T12:00:00Z')).toBe('now');
  expect(from('2025-10-01T12:00:00Z')).toBe('1 Oct 2025');
});

test('durations are told in at most two units', () => {
  expect(duration(0.4)).toBe('0 ms');
  expect(duration(840)).toBe('840 ms');
  expect(duration(10_049)).toBe('10 s');
  expect(duration(59_999)).toBe('59.9 s');
  expect(duration(200_000)).toBe('3 min 20 s');
  expect(duration(3_600_000)).toBe('1 h');
  expect(duration(2 * 86_400_000 + 4 * 3_600_000 + 61_000)).toBe('2 d 4 h');
});
