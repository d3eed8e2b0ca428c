import { CronExpressionParser } from 'cron-parser';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cron } from './cron.ts';

const next = (text: string, after: string, count = 3) => {
  const rule = cron(text);
  const found: string[] = [];
  for (let wall = rule.after(Date.parse(after)); wall !== undefined && found.length < count; wall = rule.after(wall))
    found.push(new Date(wall).toISOString().slice(0, 16));
  return found;
};

describe('a cron rule', () => {
  test.each([
    ['0 3 * * *', ['2026-01-02T03:00', '2026-01-03T03:00', '2026-01-04T03:00']],
    ['*/20 9-10 * * *', ['2026-01-01T09:00', '2026-01-01T09:20', '2026-01-01T09:40']],
    ['50/5 23 * * *', ['2026-01-01T23:50', '2026-01-01T23:55', '2026-01-02T23:50']],
    ['30 8 * * mon-fri', ['2026-01-01T08:30', '2026-01-02T08:30', '2026-01-05T08:30']],
    ['0 0 * * FRI-SUN', ['2026-01-02T00:00', '2026-01-03T00:00', '2026-01-04T00:00']],
    ['0 0 * * 7', ['2026-01-04T00:00', '2026-01-11T00:00', '2026-01-18T00:00']],
    ['0 0 31 JAN,MAR-MAY *', ['2026-01-31T00:00', '2026-03-31T00:00', '2026-05-31T00:00']],
    ['0 0 29 2 *', ['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']],
  ])('%s', (text, expected) => {
    expect(next(text, '2026-01-01T03:00Z')).toEqual(expected);
  });

  test('with both kinds of day, either counts', () => {
    expect(next('0 0 15 * MON', '2026-01-10T00:00Z')).toEqual([
      '2026-01-12T00:00',
      '2026-01-15T00:00',
      '2026-01-19T00:00',
    ]);
  });

  test('the 29th of February is found over the eight years without one', () => {
    expect(next('0 0 29 2 *', '2096-03-01T00:00Z', 1)).toEqual(['2104-02-29T00:00']);
  });

  test.each([
    ['* * * *', /five fields/],
    ['0 0 0 * * *', /five fields/],
    ['@daily', /five fields/],
    ['', /five fields/],
    ['60 * * * *', /minute “60” must be between 0 and 59/],
    ['0 24 * * *', /hour “24”/],
    ['0 0 0 * *', /day of the month “0”/],
    ['0 0 * 13 *', /month “13”/],
    ['0 0 * * 8', /weekday “8”/],
    ['*/0 * * * *', /step “\/0”/],
    ['*/60 * * * *', /step “\/60”/],
    ['30-10 * * * *', /minute “30-10”/],
    ['1,,2 * * * *', /minute “”/],
    ['H * * * *', /minute “H”/],
    ['-5 * * * *', /minute “-5”/],
    ['1e1 * * * *', /minute “1e1”/],
    ['0 0 L * *', /day of the month “L”/],
    ['0 0 30 2 *', /no month has/],
  ])('“%s” is refused, with the reason', (text, reason) => {
    expect(() => cron(text)).toThrow(
      expect.objectContaining({ code: 'SCHEDULE_INVALID', message: expect.stringMatching(reason) }),
    );
  });

  test('comes when cron-parser says so', () => {
    const part = (min: number, max: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min, max }).map(String),
        fc
          .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
          .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
        fc.integer({ min: 2, max: Math.min(max, 9) }).map((step) => `*/${step}`),
        fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((list) => list.join(',')),
      );
    // Of a range over all weekdays cron-parser does not see that it restricts nothing.
    const rule = fc
      .tuple(part(0, 59), part(0, 23), part(1, 28), part(1, 12), part(0, 6))
      .map((all) => all.join(' ').replace(/ 0-6$/, ' *'));
    const after = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(rule, after, (text, from) => {
        const reference = CronExpressionParser.parse(text, { currentDate: from, tz: 'UTC' });
        const expected = [1, 2, 3].map(() => reference.next().toDate().toISOString().slice(0, 16));
        expect(next(text, from.toISOString())).toEqual(expected);
      }),
    );
  });
});
