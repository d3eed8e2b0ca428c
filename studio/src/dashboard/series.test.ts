import { expect, test } from 'vitest';
import { linesOf, peakOf, sumOf } from './series.ts';

const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`;
const parts = [
  { at: at(1), failed: 2, p50Ms: 40 },
  { at: at(3), failed: 5, p50Ms: null },
];
const parted = { from: at(0), to: at(5), partMs: 60_000, parts };

test('R-X4 parts in which nothing happened are zero, or nothing where nothing can be measured', () => {
  const [times, failed, latency] = [
    linesOf(parted, ['failed'])[0],
    linesOf(parted, ['failed'])[1],
    linesOf(parted, ['p50Ms'], null)[1],
  ];
  expect(times).toHaveLength(5);
  expect(times[1]).toBe(Date.parse(at(1)) / 1_000);
  expect(failed).toEqual([0, 2, 0, 5, 0]);
  expect(latency).toEqual([null, 40, null, null, null]);
});

test('R-X4 how many there were, and when there were most', () => {
  expect(sumOf(parts, 'failed')).toBe(7);
  expect(peakOf(parts, 'failed')?.at).toBe(at(3));
  expect(peakOf([{ at: at(0), failed: 0 }], 'failed')).toBeUndefined();
});
