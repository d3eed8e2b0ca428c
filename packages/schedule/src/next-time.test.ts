import type { Schedule } from '@millrace/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextTime, timesAfter } from './next-time.ts';
import { readRule } from './rule.ts';
import { hourMs, minuteMs } from './wall-clock.ts';
import { isTimeZone, wallAt } from './zone.ts';

const times = (rule: Schedule['rule'], zone: string, after: string, most: number) =>
  timesAfter(readRule(rule), zone, new Date(after), most).map((time) => time.toISOString().replace(':00.000Z', 'Z'));

describe('T12 a clock that is put forward', () => {
  test('a time in the skipped hour comes once, right after it (Stockholm, 29 March 2026, 02:00 → 03:00)', () => {
    expect(times({ cron: '30 2 * * *' }, 'Europe/Stockholm', '2026-03-27T12:00Z', 4)).toEqual([
      '2026-03-28T01:30Z',
      '2026-03-29T01:00Z',
      '2026-03-30T00:30Z',
      '2026-03-31T00:30Z',
    ]);
  });

  test('several times in the skipped hour come as one', () => {
    expect(times({ cron: '*/15 2 * * *' }, 'Europe/Stockholm', '2026-03-29T00:00Z', 2)).toEqual([
      '2026-03-29T01:00Z',
      '2026-03-30T00:00Z',
    ]);
  });

  test('a recurrence rule is followed alike (New York, 8 March 2026, 02:00 → 03:00)', () => {
    expect(times({ rrule: 'FREQ=DAILY;BYHOUR=2;BYMINUTE=30' }, 'America/New_York', '2026-03-07T12:00Z', 2)).toEqual([
      '2026-03-08T07:00Z',
      '2026-03-09T06:30Z',
    ]);
  });

  test('every 15 minutes goes on without a gap', () => {
    expect(times({ cron: '*/15 * * * *' }, 'America/New_York', '2026-03-08T06:40Z', 3)).toEqual([
      '2026-03-08T06:45Z',
      '2026-03-08T07:00Z',
      '2026-03-08T07:15Z',
    ]);
  });

  test('half an hour is skipped where that is the custom (Lord Howe, 4 October 2026, 02:00 → 02:30)', () => {
    expect(times({ cron: '15 2 * * *' }, 'Australia/Lord_Howe', '2026-10-03T12:00Z', 2)).toEqual([
      '2026-10-03T15:30Z',
      '2026-10-04T15:15Z',
    ]);
  });

  test('a whole day is skipped (Apia had no 30 December 2011)', () => {
    expect(times({ cron: '0 12 * * *' }, 'Pacific/Apia', '2011-12-29T12:00Z', 3)).toEqual([
      '2011-12-29T22:00Z',
      '2011-12-30T10:00Z',
      '2011-12-30T22:00Z',
    ]);
  });
});

describe('T12 a clock that is put back', () => {
  test('a time in the repeated hour comes once, the first time (Stockholm, 25 October 2026, 03:00 → 02:00)', () => {
    expect(times({ cron: '30 2 * * *' }, 'Europe/Stockholm', '2026-10-24T12:00Z', 3)).toEqual([
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
      '2026-10-27T01:30Z',
    ]);
  });

  test('from within the hour that is repeated, the next one is the day after', () => {
    expect(times({ cron: '0,30 2 * * *' }, 'Europe/Stockholm', '2026-10-25T01:10Z', 1)).toEqual(['2026-10-26T01:00Z']);
  });

  test('half an hour is repeated where that is the custom (Lord Howe, 5 April 2026, 02:00 → 01:30)', () => {
    expect(times({ cron: '45 1 * * *' }, 'Australia/Lord_Howe', '2026-04-04T12:00Z', 2)).toEqual([
      '2026-04-04T14:45Z',
      '2026-04-05T15:15Z',
    ]);
  });

  test.each([{ cron: '*/20 * * * *' }, { rrule: 'FREQ=MINUTELY;INTERVAL=20' }])(
    'what leaves no hour out leaves none out here: %j',
    (rule) => {
      expect(times(rule, 'Europe/Stockholm', '2026-10-25T00:30Z', 6)).toEqual([
        '2026-10-25T00:40Z',
        '2026-10-25T01:00Z',
        '2026-10-25T01:20Z',
        '2026-10-25T01:40Z',
        '2026-10-25T02:00Z',
        '2026-10-25T02:20Z',
      ]);
    },
  );
});

describe('any rule in any zone', () => {
  const zone = fc.constantFrom('Europe/Stockholm', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC');
  const field = (min: number, max: number) =>
    fc.oneof(
      fc.constant('*'),
      fc.integer({ min, max }).map(String),
      fc.constantFrom('*/2', '*/7', `${min}-${min + 3}`),
    );
  const cron = fc
    .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6))
    .map((all) => all.join(' '));
  // Half of the moments lie within three hours of a change of some clock.
  const change = fc.constantFrom(
    '2026-03-29T01:00Z',
    '2026-10-25T01:00Z',
    '2026-03-08T07:00Z',
    '2026-11-01T06:00Z',
    '2026-10-03T15:30Z',
    '2026-04-04T15:00Z',
    '2011-12-30T10:00Z',
  );
  const moment = fc.oneof(
    fc.date({ min: new Date('2000-01-01'), max: new Date('2050-01-01'), noInvalidDate: true }),
    fc.tuple(change, fc.integer({ min: -180, max: 180 })).map(([at, off]) => new Date(Date.parse(at) + off * minuteMs)),
  );

  test('comes strictly after, and never earlier for a later question', () => {
    fc.assert(
      fc.property(cron, zone, moment, fc.integer({ min: 0, max: 7 * 24 * 60 }), (text, at, after, minutes) => {
        const rule = readRule({ cron: text });
        const next = nextTime(rule, at, after) as Date;
        const later = nextTime(rule, at, new Date(after.getTime() + minutes * minuteMs)) as Date;
        expect(next.getTime()).toBeGreaterThan(after.getTime());
        expect(later.getTime()).toBeGreaterThanOrEqual(next.getTime());
      }),
    );
  });

  test('no time lies between two that follow each other', () => {
    fc.assert(
      fc.property(cron, zone, moment, fc.double({ min: 0, max: 1, noNaN: true }), (text, at, after, part) => {
        const rule = readRule({ cron: text });
        const next = nextTime(rule, at, after) as Date;
        const between = new Date(after.getTime() + Math.floor(part * (next.getTime() - 1 - after.getTime())));
        expect(nextTime(rule, at, between)).toEqual(next);
      }),
    );
  });

  test('an hourly rule comes each hour of real time, in zones whose clock changes by whole hours', () => {
    fc.assert(
      fc.property(fc.constantFrom('Europe/Stockholm', 'America/New_York'), moment, (at, after) => {
        const [first, second] = timesAfter(readRule({ cron: '0 * * * *' }), at, after, 2) as [Date, Date];
        expect(second.getTime() - first.getTime()).toBe(hourMs);
      }),
    );
  });
});

test('the clock on the wall is the one of the zone', () => {
  expect(new Date(wallAt('Asia/Kathmandu', Date.parse('2026-01-01T00:00Z'))).toISOString()).toBe(
    '2026-01-01T05:45:00.000Z',
  );
});

test.each([
  ['Europe/Stockholm', true],
  ['UTC', true],
  ['Europe/Atlantis', false],
  ['', false],
  ['../etc', false],
])('“%s” is a time zone: %s', (name, expected) => {
  expect(isTimeZone(name)).toBe(expected);
});
