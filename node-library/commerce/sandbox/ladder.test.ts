import { expect, test } from 'vitest';
import { verdictOn } from './ladder.ts';

const begin = new Date('2026-03-02T09:00:00Z');
const minutes = (count: number) => new Date(begin.getTime() + count * 60_000);

/** Minutes after the first failure at which a webhook is sent that always fails, and what becomes of it then. */
function courseOf(status: number | undefined) {
  const sent: number[] = [];
  let now = begin;
  for (let count = 1; ; count++) {
    sent.push((now.getTime() - begin.getTime()) / 60_000);
    const verdict = verdictOn(status, { count, firstAt: begin, now });
    if (typeof verdict === 'string') return { sent, verdict };
    now = verdict.next;
  }
}

test.each([500, 502, 503, 504, 429, undefined])(
  'R-C7 after %s it comes again for a day, and then somebody is told',
  (status) => {
    expect(courseOf(status)).toEqual({ sent: [0, 1, 6, 21, 81, 441, 801, 1161], verdict: 'alert' });
  },
);

test.each([400, 401, 404, 409])('R-C7 after %i it never comes again', (status) => {
  expect(courseOf(status)).toEqual({ sent: [0], verdict: 'data-error' });
});

test('what is taken is taken', () => {
  expect(verdictOn(200, { count: 3, firstAt: begin, now: minutes(6) })).toBe('delivered');
});
