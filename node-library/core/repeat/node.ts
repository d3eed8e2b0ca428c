import { AnyJson, defineNode, emit, JsonataText, MillraceError, pass } from '@millrace/contract';
import { analyse } from '@millrace/mapping';
import Type from 'typebox';

const Config = Type.Object(
  {
    until: JsonataText({
      title: 'Until',
      description:
        'Condition over what the body gave ($) that gives true or false; where it is true, this is given on. Where a value may be missing, wrap it: $boolean(done).',
      examples: ['status = "ready"'],
    }),
    maxPasses: Type.Optional(
      Type.Integer({
        title: 'Passes at most',
        description: 'After so many passes without the condition the step fails.',
        minimum: 1,
        maximum: 10_000,
        default: 100,
        examples: [20],
      }),
    ),
  },
  { additionalProperties: false },
);

export default defineNode({
  id: 'core/repeat',
  version: 1,
  title: 'Repeat',
  summary: 'Runs its body again and again, until a condition is true of what it gave.',
  docs: `The nodes of the body name this node as their parent. The first pass gets the input of the step, each further one what
the pass before gave, and what the last one gave goes on. To ask another system now and then, put a delay into the body.

A condition that gives neither true nor false (a comparison with a value that is missing, say) fails the step instead of
going on for ever.`,
  icon: 'refresh',
  config: Config,
  input: AnyJson,
  body: true,
  outputs: { out: AnyJson },
  effect: 'pure',
  examples: [
    {
      title: 'A condition that is none is refused before the body does anything',
      config: { until: 'status = ', maxPasses: 20 },
      input: { job: 'J-1', status: 'queued' },
      expect: { error: 'EXPRESSION_PARSE' },
    },
  ],
  run(input, { until }) {
    const { error } = analyse(until);
    if (error) throw new MillraceError(error.code, error.message, { pointer: '/config/until' });
    return pass(input);
  },
  async passEnded(output, index, { until, maxPasses = 100 }, { evaluate }) {
    const isDone = await evaluate(until, output);
    if (typeof isDone !== 'boolean') throw noCondition();
    if (isDone) return emit('out', output);
    if (index + 1 < maxPasses) return pass(output);
    throw new MillraceError('REPEAT_TOO_OFTEN', `The condition was still not true after ${maxPasses} passes.`, {
      pointer: '/config/maxPasses',
    });
  },
});

function noCondition(): MillraceError {
  return new MillraceError('REPEAT_CONDITION', 'The condition gave neither true nor false.', {
    pointer: '/config/until',
  });
}
