import { AnyJson, defineTrigger, Expression, type Json } from '@millrace/contract';
import Type from 'typebox';

export default defineTrigger({
  id: 'core/schedule',
  version: 1,
  title: 'Schedule',
  summary: 'Starts a run at certain times: every 15 minutes, each night at 03:00, on the last Friday of a month.',
  docs: `The rule is a cron rule of five fields (minute, hour, day of the month, month, weekday) or a recurrence rule of
RFC 5545. The latter counts from 1 January 2001, 00:00, a Monday, unless a \`DTSTART\` stands before it.

| rule | when |
|---|---|
| \`*/15 * * * *\` | every 15 minutes |
| \`0 3 * * *\` | each night at 03:00 |
| \`30 8 * * MON-FRI\` | at 08:30 from Monday to Friday |
| \`FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17\` | on the last Friday of each month at 17:00 |
| \`DTSTART:20260105T060000 RRULE:FREQ=WEEKLY;INTERVAL=2\` | at 06:00 every other Monday, from 5 January 2026 on |

Times are those of the time zone, also when its clock is changed: a time in the skipped hour comes right after it, and a
time in the repeated hour comes once. Only a rule that leaves no hour of the day out (every 15 minutes) comes in both.

Each time starts one run, however many processes Millrace has. A time is *missed* when nobody was there for more than a
minute (Millrace was stopped, the flow was paused). With \`all\` and overlap \`skip\`, missed times are made up for one
after the other. The run sees in \`$trigger.scheduledFor\` which time it is for.`,
  icon: 'clock',
  config: Type.Object(
    {
      rule: Expression(
        Type.String({
          title: 'Rule',
          description: 'When it comes: five cron fields, or a recurrence rule (FREQ=…).',
          format: 'schedule-rule',
          minLength: 1,
          maxLength: 500,
          examples: ['0 3 * * *', 'FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17', '{% $params.schedule %}'],
        }),
      ),
      timeZone: Type.Optional(
        Expression(
          Type.String({
            title: 'Time zone',
            description: 'IANA name of the zone whose clock counts; where left out, the zone of the tenant.',
            format: 'time-zone',
            minLength: 1,
            maxLength: 100,
            examples: ['Europe/Stockholm'],
          }),
        ),
      ),
      missed: Type.Optional(
        Type.Enum(['skip', 'once', 'all'], {
          title: 'Missed times',
          description: 'Times that passed while nobody was there: left out, made up for by one run, or by a run each.',
          default: 'once',
          examples: ['once'],
        }),
      ),
      overlap: Type.Optional(
        Type.Enum(['skip', 'start'], {
          title: 'Overlap',
          description: 'A time that comes while the run before is still under way: left out, or started all the same.',
          default: 'skip',
          examples: ['skip'],
        }),
      ),
      payload: Type.Optional(
        Type.Unknown({
          title: 'Data',
          description: 'What every run starts with.',
          default: {},
          examples: [{ warehouse: 'GBG' }],
        }),
      ),
    },
    { additionalProperties: false },
  ),
  outputs: { out: AnyJson },
  activation: ({ rule, timeZone, missed = 'once', overlap = 'skip', payload = {} }) => ({
    kind: 'schedule',
    // No cron rule contains an equals sign, and every recurrence rule does.
    rule: rule.includes('=') ? { rrule: rule } : { cron: rule },
    ...(timeZone !== undefined && { timeZone }),
    missed,
    overlap,
    payload: payload as Json,
  }),
  examples: [
    {
      title: 'Stock levels are compared each night at 03:00 in Stockholm',
      config: { rule: '0 3 * * *', timeZone: 'Europe/Stockholm', payload: { warehouse: 'GBG' } },
      payload: { warehouse: 'GBG' },
    },
    {
      title: 'Invoices are collected on the last Friday of a month; a missed one is not made up for',
      config: { rule: 'FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17', missed: 'skip' },
      payload: {},
    },
  ],
});
