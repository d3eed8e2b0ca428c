import { authoringSchema, type Json } from '@millrace/contract';
import { schemaProblems } from '@millrace/testing/schema-problems';
import { describe, expect, test } from 'vitest';
import schedule from './trigger.ts';

const accepts = (config: Json) => schemaProblems(authoringSchema(schedule.config), config).length === 0;

describe('a schedule', () => {
  test('makes up for missed times by one run and leaves out what overlaps, where nothing is said', () => {
    expect(schedule.activation({ rule: '0 3 * * *' })).toEqual({
      kind: 'schedule',
      rule: { cron: '0 3 * * *' },
      missed: 'once',
      overlap: 'skip',
      payload: {},
    });
  });

  test('takes a recurrence rule, a zone, and what its runs start with', () => {
    const rule = 'FREQ=MONTHLY;BYDAY=-1FR';
    const config = { rule, timeZone: 'Europe/Stockholm', missed: 'all', overlap: 'start', payload: [1] } as const;
    expect(schedule.activation({ ...config, payload: [1] })).toEqual({
      kind: 'schedule',
      rule: { rrule: rule },
      timeZone: 'Europe/Stockholm',
      missed: 'all',
      overlap: 'start',
      payload: [1],
    });
  });

  test.each([
    [{ rule: '0 3 * * *' }, true],
    [{ rule: '{% $params.schedule %}', timeZone: '{% $params.zone %}' }, true],
    [{ rule: '0 3 * * *', payload: null }, true],
    [{}, false],
    [{ rule: '' }, false],
    [{ rule: 5 }, false],
    [{ rule: '0 3 * * *', missed: 'twice' }, false],
    [{ rule: '0 3 * * *', cron: '0 3 * * *' }, false],
  ])('%j is a config: %s', (config, expected) => {
    expect(accepts(config as Json)).toBe(expected);
  });
});
