import { AnyJson, defineNode, emit, Failure, FitsConfig, type Json, JsonSchema } from '@millrace/contract';
import Type from 'typebox';

/** A problem as `ctx.validate` reports it. */
const Problem = Type.Object({
  code: Type.String(),
  pointer: Type.String(),
  message: Type.String(),
  hint: Type.Optional(Type.String()),
});

export default defineNode({
  id: 'core/validate',
  version: 1,
  title: 'Validate',
  summary: 'Lets data through that fits a JSON Schema, and names everything wrong with data that does not.',
  docs: `Data that fits leaves unchanged by **out**. Data that does not leaves by **invalid**, as
\`{ "input": …, "errors": [{ "code", "pointer", "message" }] }\` with every problem, not only the first. Where nothing is
connected to **invalid**, the run fails with \`INVALID_DATA\`.`,
  icon: 'clipboard-check',
  config: Type.Object(
    {
      schema: JsonSchema({
        title: 'Schema',
        description: 'JSON Schema (draft 2020-12) that the data must fit.',
        examples: [{ type: 'object', required: ['id'], properties: { id: { type: 'string' } } }],
      }),
    },
    { additionalProperties: false },
  ),
  input: AnyJson,
  outputs: {
    out: FitsConfig('schema', AnyJson),
    invalid: Failure('INVALID_DATA', Type.Object({ input: AnyJson, errors: Type.Array(Problem) })),
  },
  effect: 'pure',
  examples: [
    {
      title: 'An order that fits goes on unchanged',
      config: { schema: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } } },
      input: { id: 'D-1001', note: 'ring twice' },
      expect: { port: 'out', data: { id: 'D-1001', note: 'ring twice' } },
    },
    {
      title: 'An order without an id is refused with the place',
      config: { schema: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } } },
      input: { note: 'ring twice' },
      expect: {
        port: 'invalid',
        data: { input: { note: 'ring twice' }, errors: [{ code: '*', pointer: '/id', message: '*' }] },
      },
    },
  ],
  async run(input, config, ctx) {
    const errors = await ctx.validate(config.schema as Json, input);
    return errors.length === 0
      ? emit('out', input)
      : emit('invalid', { input, errors: errors.map((error) => ({ ...error })) });
  },
});
