import { expect, test } from 'vitest';
import { scheduleTimes } from './schedule-times.ts';

const now = new Date('2026-03-27T12:00:00Z');

test('R-X4 a rule tells its next five times in words, by the clock of its zone', () => {
  const { times } = scheduleTimes('0 3 * * MON-FRI', 'Europe/Stockholm', now) as { times: string[] };
  expect(times).toHaveLength(5);
  expect(times[0]).toMatch(/^Monday,? 30 March 2026 at 03:00$/);
  expect(times[4]).toMatch(/^Friday,? 3 April 2026 at 03:00$/);
});

test('a recurrence rule does so too, and what cannot be followed says why', () => {
  const last = scheduleTimes('FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17', 'UTC', now) as { times: string[] };
  expect(last.times[0]).toMatch(/27 March 2026 at 17:00$/);
  expect(scheduleTimes('0 3 * *', 'UTC', now)).toMatchObject({ wrong: expect.stringContaining('five fields') });
  expect(scheduleTimes('0 3 * * *', 'Mars/Olympus', now)).toEqual({ wrong: '“Mars/Olympus” is no time zone.' });
});
