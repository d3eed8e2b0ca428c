import type { ErrorCategory, ErrorData } from '@millrace/contract';
import { describe, expect, test } from 'vitest';
import type { Retry } from './document.ts';
import { failureAlert, nextAttempt } from './retry.ts';

const start = Date.parse('2026-11-21T08:00:00.000Z');
const error = (category: ErrorCategory, retryAfter?: number): ErrorData => ({
  category,
  code: 'X',
  message: 'No.',
  ...(retryAfter !== undefined && { retryAfter }),
});
const failures = (count: number, afterMs = 0) => ({ count, firstAt: new Date(start), now: new Date(start + afterMs) });
const middle = () => 0.5;

/** Seconds until the next attempt. */
function pause(
  policy: Retry | undefined,
  cause: ErrorData,
  count: number,
  afterMs = 0,
  random = middle,
): number | undefined {
  const at = nextAttempt(policy, cause, failures(count, afterMs), random);
  return at && (at.getTime() - start - afterMs) / 1000;
}

/** How many attempts a step gets when it always fails. */
function attempts(policy: Retry | undefined, category: ErrorCategory): number {
  let count = 1;
  while (count < 100 && pause(policy, error(category), count) !== undefined) count += 1;
  return count;
}

describe('how often a category of error is tried', () => {
  test.each([
    ['transient', 5],
    ['rate-limit', 10],
    ['auth', 2],
    ['server', 3],
    ['internal', 3],
    ['validation', 1],
    ['not-found', 1],
    ['cancelled', 1],
  ] as const)('%s: %i', (category, expected) => {
    expect(attempts(undefined, category)).toBe(expected);
  });
});

describe('the pause before the next attempt', () => {
  test('grows fourfold, up to a quarter of an hour', () => {
    expect([1, 2, 3, 4].map((count) => pause(undefined, error('transient'), count))).toEqual([1, 4, 16, 64]);
    expect(pause({ attempts: 50 }, error('transient'), 20)).toBe(900);
  });

  test('varies by a fifth to both sides', () => {
    expect(pause(undefined, error('transient'), 1, 0, () => 0)).toBe(0.8);
    expect(pause(undefined, error('transient'), 1, 0, () => 1)).toBe(1.2);
  });

  test('is at least what the other side asks for', () => {
    expect(pause(undefined, error('rate-limit', 30), 1)).toBe(30);
    expect(pause(undefined, error('rate-limit', 1), 1)).toBe(5);
  });

  test('R-C7 follows a schedule to the letter', () => {
    const policy = { schedule: ['1m', 'PT5M'] };
    expect([1, 2, 3].map((count) => pause(policy, error('server'), count, 0, Math.random))).toEqual([
      60,
      300,
      undefined,
    ]);
  });

  test('the last pause of a schedule repeats as long as “until” allows', () => {
    const policy = { schedule: ['1h'], until: '3h' };
    expect(pause(policy, error('server'), 2, 2 * 3_600_000)).toBe(3600);
    expect(pause(policy, error('server'), 4, 3 * 3_600_000)).toBeUndefined();
  });

  test('R-C7 a pause that would lead beyond “until” ends there, with a last attempt', () => {
    const policy = { schedule: ['1m', '5m', '15m', '1h', '6h'], until: '24h' };
    expect(pause(policy, error('server'), 8, 1161 * 60_000)).toBe((1440 - 1161) * 60);
    expect(pause(policy, error('server'), 9, 1440 * 60_000)).toBeUndefined();
    expect(pause(policy, error('rate-limit', 86_400), 8, 1161 * 60_000)).toBeUndefined();
  });

  test('the number of attempts bounds a schedule', () => {
    expect(attempts({ schedule: ['1m'], attempts: 4 }, 'transient')).toBe(4);
  });

  test('R-C7 no policy makes a refusal be tried again', () => {
    expect(attempts({ schedule: ['1m'], attempts: 9 }, 'validation')).toBe(1);
  });
});

describe('the alert about failures', () => {
  const due = (policy: Retry | undefined, category: ErrorCategory, count: number, afterMs = 0) =>
    failureAlert(policy, error(category), failures(count, afterMs))?.severity;

  test.each([
    ['transient', 3, 'warning'],
    ['rate-limit', 5, 'warning'],
    ['server', 1, 'high'],
  ] as const)('of %s comes at failure %i, as %s', (category, count, severity) => {
    expect(due(undefined, category, count - 1)).toBeUndefined();
    expect(due(undefined, category, count)).toBe(severity);
  });

  test('comes after the node’s own time instead, where it has one', () => {
    const policy = { alertAfter: '24h' };
    expect(due(policy, 'server', 9, 86_399_999)).toBeUndefined();
    expect(due(policy, 'transient', 1, 86_400_000)).toBe('warning');
  });
});
