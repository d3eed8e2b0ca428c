import type { ErrorCategory } from '@millrace/contract';
import { expect, test } from 'vitest';
import { pauseAfter } from './poll-pause.ts';

const now = new Date('2026-03-02T09:00Z');
const pause = (category: ErrorCategory, failures: number, more: { everyMs?: number; retryAfter?: number } = {}) => {
  const { everyMs = 1, retryAfter } = more;
  const error = { category, code: 'X', message: 'x', ...(retryAfter !== undefined && { retryAfter }) };
  return pauseAfter({ error, failures, failingSince: now, now, everyMs }, () => 0.5);
};

test.each([
  ['transient', [1000, 4000, 16_000, 64_000, 256_000, 900_000, 900_000]],
  ['server', [5000, 20_000, 80_000, 320_000, 900_000]],
  ['validation', [900_000, 900_000]],
  ['not-found', [900_000, 900_000]],
] as const)('R-F8 the pauses after %s, and no end of them', (category, expected) => {
  expect(expected.map((_, index) => pause(category, index + 1))).toEqual(expected);
});

test('never sooner than without a failure', () => {
  expect(pause('transient', 1, { everyMs: 60_000 })).toBe(60_000);
});

test('as long as the other side asks', () => {
  expect(pause('rate-limit', 1, { retryAfter: 120 })).toBe(120_000);
});
