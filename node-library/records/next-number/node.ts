import { AnyJson, dayIn, defineNode, Expression, emit } from '@millrace/contract';
import Type from 'typebox';
import { numberFormat } from './format.ts';

export default defineNode({
  id: 'records/next-number',
  version: 1,
  title: 'Next number',
  summary: 'Draws the next number of a series, without gaps and never twice.',
  docs: `A number belongs to the step that has drawn it: a step that is repeated, after a crash or by a retry, gets the same one.
Where it says what the number is **for**, the number belongs to that thing: whoever draws for it again, even another run at the
same moment, gets the same one, so that a request that comes twice uses no second number. The
series is locked only for the moment of the draw, so that runs do not wait for each other’s work. Every number is kept with the run
and step that has it.

The year and month are those of the time of the first draw in the tenant’s time zone.`,
  icon: 'list-numbers',
  config: Type.Object(
    {
      series: Type.String({
        title: 'Series',
        description: 'Name of the series; every flow of the tenant that uses the name draws from it.',
        pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$',
        examples: ['orders'],
      }),
      for: Type.Optional(
        Expression(
          Type.String({
            title: 'For',
            description: 'What the number is for: the same again gets the same number. Left out, for the step alone.',
            minLength: 1,
            maxLength: 200,
            examples: ['{% request_id %}'],
          }),
        ),
      ),
      format: Type.Optional(
        Type.String({
          title: 'Format',
          description:
            'Text with {N} for the number, as many N as it has digits at least; {YYYY}, {YY}, {MM} for the date.',
          minLength: 3,
          maxLength: 100,
          default: '{N}',
          examples: ['WF-{YYYY}-{NNNNN}'],
        }),
      ),
      restart: Type.Optional(
        Type.Enum(['never', 'yearly', 'monthly'], {
          title: 'Begins anew',
          description: 'When numbers begin with the first again.',
          default: 'never',
          examples: ['yearly'],
        }),
      ),
      first: Type.Optional(
        Type.Integer({
          title: 'First number',
          description: 'With which a series or period begins that has no number yet.',
          minimum: 1,
          maximum: 1_000_000_000,
          default: 1,
          examples: [1],
        }),
      ),
    },
    { additionalProperties: false },
  ),
  input: AnyJson,
  outputs: { out: Type.Object({ number: Type.Integer(), text: Type.String() }) },
  effect: 'idempotent-write',
  examples: [
    {
      title: 'An order gets its number',
      config: { series: 'orders', format: 'WF-{YYYY}-{NNNNN}', restart: 'yearly' },
      input: { request: 'R-77' },
      expect: { port: 'out', data: { number: 1, text: 'WF-2026-00001' } },
    },
    {
      title: 'A request has one number, however often it is ordered',
      config: { series: 'orders', for: '{% request %}' },
      input: { request: 'R-77' },
      expect: { port: 'out', data: { number: 1, text: '1' } },
    },
  ],
  async run(_input, { series: name, for: thing, format: text = '{N}', restart = 'never', first = 1 }, ctx) {
    const format = numberFormat(text, restart);
    const dayOf = (time: Date) => dayIn(ctx.tenant.timeZone, time);
    const series = { name, period: format.period(dayOf(ctx.now)), first };
    const key = thing === undefined ? ctx.idempotencyKey() : `for ${thing}`;
    const { number, at } = await ctx.recordSets.nextNumber(series, { key, at: ctx.now });
    return emit('out', { number, text: format.write(dayOf(at), number) });
  },
});
