import { readRule } from '@millrace/schedule';
import { describe, expect, test } from 'vitest';
import { decideDue } from './decide-due.ts';

const hourly = { rule: readRule({ cron: '0 * * * *' }), timeZone: 'UTC', nextAt: new Date('2026-03-02T09:00Z') };
const at = (time: string) => new Date(`2026-03-02T${time}Z`);
const inTime = at('09:00:30');
const afterThreeHours = at('12:10');
const atTheNext = at('12:00:10');

type Policy = Pick<Parameters<typeof decideDue>[0], 'missed' | 'overlap'> & { isBusy?: boolean };
const decide = (policy: Policy, now: Date) => decideDue({ ...hourly, isBusy: false, ...policy }, now, 1_000);

describe('a time that comes in time', () => {
  test.each(['skip', 'once', 'all'] as const)('starts a run, whatever becomes of missed ones (%s)', (missed) => {
    expect(decide({ missed, overlap: 'skip' }, inTime)).toEqual({ start: [at('09:00')], nextAt: at('10:00') });
  });

  test.each(['skip', 'once', 'all'] as const)('is left out where it overlaps (%s)', (missed) => {
    const decision = { start: [], leftOut: at('09:00'), nextAt: at('10:00') };
    expect(decide({ missed, overlap: 'skip', isBusy: true }, inTime)).toEqual(decision);
  });

  test.each(['skip', 'once', 'all'] as const)('starts beside the run before where that is wished (%s)', (missed) => {
    const decision = { start: [at('09:00')], nextAt: at('10:00') };
    expect(decide({ missed, overlap: 'start', isBusy: true }, inTime)).toEqual(decision);
  });
});

describe('T12 times that were missed', () => {
  test('skip: none of them, and the next one in time', () => {
    expect(decide({ missed: 'skip', overlap: 'skip' }, afterThreeHours)).toEqual({
      start: [],
      leftOut: at('09:00'),
      nextAt: at('13:00'),
    });
    expect(decide({ missed: 'skip', overlap: 'skip' }, atTheNext)).toEqual({
      start: [at('12:00')],
      leftOut: at('09:00'),
      nextAt: at('13:00'),
    });
  });

  test('once: one run for all of them', () => {
    const decision = { start: [at('09:00')], nextAt: at('13:00') };
    expect(decide({ missed: 'once', overlap: 'start' }, afterThreeHours)).toEqual(decision);
  });

  test('once: a time that comes in time makes up for those before it', () => {
    const decision = { start: [at('12:00')], nextAt: at('13:00') };
    expect(decide({ missed: 'once', overlap: 'start' }, atTheNext)).toEqual(decision);
  });

  test('all: a run for each', () => {
    const start = [at('09:00'), at('10:00'), at('11:00'), at('12:00')];
    expect(decide({ missed: 'all', overlap: 'start' }, afterThreeHours)).toEqual({ start, nextAt: at('13:00') });
  });

  test('all, where none may overlap: one after the other', () => {
    const policy = { missed: 'all', overlap: 'skip' } as const;
    expect(decide(policy, afterThreeHours)).toEqual({ start: [at('09:00')], nextAt: at('10:00') });
    expect(decide({ ...policy, isBusy: true }, afterThreeHours)).toEqual({ start: [], nextAt: at('09:00') });
  });

  test('all: after a long time they are made up for in portions', () => {
    const rule = readRule({ cron: '* * * * *' });
    const due = { ...hourly, rule, missed: 'all', overlap: 'start', isBusy: false } as const;
    const { start, nextAt } = decideDue(due, new Date('2026-04-02T09:00Z'), 100);
    expect(start).toHaveLength(100);
    expect(nextAt).toEqual(new Date((start.at(-1) as Date).getTime() + 60_000));
  });
});

test('a rule that has ended has no next time', () => {
  const rule = readRule({ rrule: 'DTSTART:20260302T090000 RRULE:FREQ=HOURLY;COUNT=1' });
  const due = { ...hourly, rule, missed: 'once', overlap: 'skip', isBusy: false } as const;
  expect(decideDue(due, inTime, 100)).toEqual({ start: [at('09:00')], nextAt: undefined });
});
