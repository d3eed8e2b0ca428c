import fc from 'fast-check';
import { RRuleTemporal } from 'rrule-temporal';
import { describe, expect, test } from 'vitest';
import { nextTime } from './next-time.ts';
import { readRule, ruleOf } from './rule.ts';

const next = (rrule: string, after: string, count: number) => {
  const rule = readRule({ rrule });
  const found: string[] = [];
  for (let wall = rule.after(Date.parse(after)); wall !== undefined && found.length < count; wall = rule.after(wall))
    found.push(new Date(wall).toISOString().slice(0, 16));
  return found;
};

/** Examples of RFC 5545, section 3.8.5.3, all from 2 September 1997, 09:00 unless they say otherwise. */
describe('RFC 5545’s own examples', () => {
  test.each([
    ['FREQ=DAILY;COUNT=10', ['1997-09-02', '1997-09-03', '1997-09-04']],
    ['FREQ=DAILY;INTERVAL=10;COUNT=5', ['1997-09-02', '1997-09-12', '1997-09-22', '1997-10-02', '1997-10-12']],
    ['FREQ=WEEKLY;INTERVAL=2;WKST=SU', ['1997-09-02', '1997-09-16', '1997-09-30', '1997-10-14', '1997-10-28']],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;WKST=SU;BYDAY=TU,TH', ['1997-09-02', '1997-09-04', '1997-09-16', '1997-09-18']],
    ['FREQ=MONTHLY;COUNT=10;BYDAY=1FR', ['1997-09-05', '1997-10-03', '1997-11-07', '1997-12-05']],
    ['FREQ=MONTHLY;INTERVAL=2;COUNT=4;BYDAY=1SU,-1SU', ['1997-09-07', '1997-09-28', '1997-11-02', '1997-11-30']],
    ['FREQ=MONTHLY;COUNT=6;BYDAY=-2MO', ['1997-09-22', '1997-10-20', '1997-11-17', '1997-12-22']],
    ['FREQ=MONTHLY;BYMONTHDAY=-3', ['1997-09-28', '1997-10-29', '1997-11-28', '1997-12-29']],
    ['FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1', ['1997-09-30', '1997-10-01', '1997-10-31', '1997-11-01']],
    ['FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11', ['1997-09-10', '1997-09-11', '1999-03-10', '1999-03-11']],
    ['FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200', ['2000-01-01', '2000-04-09', '2000-07-18', '2003-01-01']],
    ['FREQ=YEARLY;BYDAY=20MO', ['1998-05-18', '1999-05-17', '2000-05-15']],
    ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', ['1998-05-11', '1999-05-17', '2000-05-15']],
    ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', ['1998-02-13', '1998-03-13', '1998-11-13', '1999-08-13']],
    ['FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8', ['1996-11-05', '2000-11-07', '2004-11-02']],
    ['FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', ['1997-09-04', '1997-10-07', '1997-11-06']],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2', ['1997-09-29', '1997-10-30', '1997-11-27', '1997-12-30']],
  ] as [string, string[]][])('%s', (rule, expected) => {
    const start = rule.includes('INTERVAL=4') ? '19961105' : '19970902';
    const days = next(`DTSTART:${start}T090000 RRULE:${rule}`, '1996-01-01T00:00Z', expected.length);
    expect(days).toEqual(expected.map((day) => `${day}T09:00`));
  });

  test('every three hours from 9:00 to 17:00 on a specific day', () => {
    const rule = 'DTSTART:19970902T090000 RRULE:FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000';
    expect(next(rule, '1997-01-01T00:00Z', 9)).toEqual(['1997-09-02T09:00', '1997-09-02T12:00', '1997-09-02T15:00']);
  });

  test('an end in UTC is an instant, whatever the zone', () => {
    const rule = readRule({ rrule: 'DTSTART:20260101T090000 RRULE:FREQ=DAILY;UNTIL=20260102T080000Z' });
    const last = nextTime(rule, 'Europe/Stockholm', new Date('2026-01-01T10:00Z'));
    expect(last?.toISOString()).toBe('2026-01-02T08:00:00.000Z');
    expect(nextTime(rule, 'Europe/Stockholm', last as Date)).toBeUndefined();
    expect(nextTime(rule, 'America/New_York', new Date('2026-01-01T15:00Z'))).toBeUndefined();
  });

  test('an end that is a day counts to its end', () => {
    const rule = 'DTSTART:20260101T090000 RRULE:FREQ=DAILY;UNTIL=20260102';
    expect(next(rule, '2026-01-01T00:00Z', 9)).toEqual(['2026-01-01T09:00', '2026-01-02T09:00']);
  });
});

describe('without a start', () => {
  test.each([
    ['FREQ=WEEKLY', ['2026-01-05T00:00', '2026-01-12T00:00']],
    ['FREQ=MONTHLY', ['2026-02-01T00:00', '2026-03-01T00:00']],
    ['FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17', ['2026-01-30T17:00', '2026-02-27T17:00']],
    ['rrule:freq=daily;byhour=3', ['2026-01-02T03:00', '2026-01-03T03:00']],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', ['2028-02-29T00:00', '2032-02-29T00:00']],
    ['FREQ=MINUTELY;INTERVAL=7;BYMONTH=12;BYMONTHDAY=31;BYHOUR=23', ['2026-12-31T23:05', '2026-12-31T23:12']],
  ])('%s counts from Monday, 1 January 2001, 00:00', (rule, expected) => {
    expect(next(rule, '2026-01-01T04:00Z', 2)).toEqual(expected);
  });
});

test.each([
  ['FREQ=SECONDLY', /frequency/],
  ['INTERVAL=2', /frequency/],
  ['FREQ=DAILY;BYSECOND=5', /does not understand “BYSECOND”/],
  ['FREQ=DAILY;BYEASTER=1', /does not understand/],
  ['FREQ=DAILY;FREQ=WEEKLY', /twice/],
  ['FREQ=DAILY;INTERVAL=0', /“0” is no INTERVAL/],
  ['FREQ=DAILY;INTERVAL=1.5', /INTERVAL/],
  ['FREQ=DAILY;BYHOUR=24', /“24” is no BYHOUR/],
  ['FREQ=MONTHLY;BYMONTHDAY=0', /not 0/],
  ['FREQ=WEEKLY;BYDAY=XX', /“XX” is no weekday/],
  ['FREQ=WEEKLY;BYDAY=1MO', /numbered weekday/],
  ['FREQ=WEEKLY;BYMONTHDAY=1', /BYMONTHDAY/],
  ['FREQ=MONTHLY;BYWEEKNO=1', /BYWEEKNO/],
  ['FREQ=DAILY;BYYEARDAY=1', /BYYEARDAY/],
  ['FREQ=DAILY;BYSETPOS=1', /BYSETPOS/],
  ['FREQ=DAILY;COUNT=5', /DTSTART/],
  ['DTSTART:20260101T000000 RRULE:FREQ=DAILY;COUNT=5;UNTIL=20260105', /not both/],
  ['FREQ=DAILY;UNTIL=20260230', /is no end/],
  ['DTSTART:20260132T000000 RRULE:FREQ=DAILY', /is no start/],
  ['DTSTART:20260101T000000Z RRULE:FREQ=DAILY', /is no start/],
  ['DTSTART;TZID=Europe/Stockholm:20260101T000000 RRULE:FREQ=DAILY', /recurrence rule is/],
  ['FREQ=DAILY\nEXDATE:20260101T000000', /recurrence rule is/],
  ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', /never comes/],
  ['FREQ=HOURLY;INTERVAL=2;BYHOUR=1', /never comes/],
  ['FREQ=MINUTELY;BYMONTH=3;BYYEARDAY=-1', /never comes/],
])('“%s” is refused, with the reason', (rrule, reason) => {
  const error = { code: 'SCHEDULE_INVALID', message: expect.stringMatching(reason) };
  expect(() => readRule({ rrule })).toThrow(expect.objectContaining(error));
});

test('a text is told to be a recurrence rule by its equals sign', () => {
  expect(ruleOf('FREQ=DAILY')).toEqual({ rrule: 'FREQ=DAILY' });
  expect(ruleOf('0 3 * * *')).toEqual({ cron: '0 3 * * *' });
});

/**
 * rrule-temporal takes numbered weekdays beside other days of a year as a further choice, where RFC 5545 (note 2 of the
 * table in 3.3.10) makes them a limit: such rules are left out here, and so are years of weeks that begin the year before.
 */
test('comes when rrule-temporal says so', () => {
  const some = (...values: (string | number)[]) =>
    fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }).map((list) => list.join(','));
  const weekday = some('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU');
  const parts = {
    INTERVAL: fc.integer({ min: 1, max: 7 }).map(String),
    BYMONTH: some(1, 2, 3, 6, 9, 12),
    BYMONTHDAY: some(1, 13, 15, 28, -1, -3),
    BYDAY: weekday,
    BYHOUR: some(0, 2, 9, 17, 23),
    BYMINUTE: some(0, 15, 30, 59),
    WKST: fc.constantFrom('SU', 'MO', 'TH'),
    COUNT: fc.constantFrom('5', '20'),
  };
  const frequency = fc.constantFrom('MINUTELY', 'HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY');
  const start = fc.date({ min: new Date('2024-01-01'), max: new Date('2025-01-01'), noInvalidDate: true });
  const numbered = fc.constantFrom('1MO', '-1FR', '2TU,-2WE', '3SU');
  const rule = fc
    .tuple(frequency, fc.record(parts, { requiredKeys: [] }), fc.option(numbered))
    .map(([freq, by, nth]) => {
      const { BYMONTHDAY, ...others } = by;
      const days = nth !== null && freq === 'MONTHLY' ? { ...others, BYDAY: nth } : by;
      const fitting = freq === 'WEEKLY' ? others : days;
      return [`FREQ=${freq}`, ...Object.entries(fitting).map(([name, value]) => `${name}=${value}`)].join(';');
    });
  fc.assert(
    fc.property(rule, start, fc.integer({ min: 0, max: 300 }), (text, from, days) => {
      const dtstart = `${from.toISOString().slice(0, 16).replace(/[-:]/g, '')}00`;
      const after = new Date(from.getTime() + days * 86_400_000).toISOString();
      let mine: string[];
      try {
        mine = next(`DTSTART:${dtstart} RRULE:${text}`, after, 4);
      } catch {
        // The other library takes seconds to find that a rule never comes.
        return;
      }
      expect(mine).toEqual(reference(`DTSTART;TZID=UTC:${dtstart}\nRRULE:${text}`, after, mine.length));
    }),
  );
});

function reference(rruleString: string, after: string, count: number): string[] {
  const rule = new RRuleTemporal({ rruleString });
  const found: string[] = [];
  for (let at = new Date(after); found.length < count; at = new Date(`${found.at(-1)}Z`)) {
    const following = rule.next(at);
    if (!following) break;
    found.push(new Date(following.epochMilliseconds).toISOString().slice(0, 16));
  }
  return found;
}
