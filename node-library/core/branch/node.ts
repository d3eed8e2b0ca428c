import { AnyJson, defineNode, Expression, emit, SameAsInput } from '@millrace/contract';
import Type from 'typebox';

/** Ports that every branch has without naming them. */
const taken = ['else', 'error'];

const Case = Type.Object(
  {
    port: Type.String({
      title: 'Port',
      description: 'Name of the way out; letters, digits, - and _.',
      pattern: `^(?!(?:${taken.join('|')})$)[A-Za-z][A-Za-z0-9_-]{0,63}$`,
      examples: ['large'],
    }),
    when: Expression(
      Type.Boolean({
        title: 'When',
        description:
          'Condition that gives true or false. Where a value may be missing, wrap it: $boolean(total > 100).',
        examples: ['{% total > 100 %}'],
      }),
    ),
  },
  { additionalProperties: false },
);

export default defineNode({
  id: 'core/branch',
  version: 1,
  title: 'Branch',
  summary: 'Sends the data one of several ways: the first case that is true, otherwise “else”.',
  docs: `Cases are tried from top to bottom and exactly one way is taken. The data itself is not changed. A condition that
gives neither true nor false (a comparison with a value that is missing, say) fails the step instead of choosing a way
nobody meant.`,
  icon: 'arrows-split',
  config: Type.Object(
    {
      cases: Type.Array(Case, {
        title: 'Cases',
        description: 'Ways out with their conditions; the first that is true is taken.',
        minItems: 1,
        maxItems: 50,
        examples: [[{ port: 'large', when: '{% total > 100 %}' }]],
      }),
    },
    { additionalProperties: false },
  ),
  input: AnyJson,
  outputs: { else: SameAsInput(AnyJson) },
  portsFrom: { list: 'cases', field: 'port' },
  effect: 'pure',
  examples: [
    {
      title: 'A large order goes its own way',
      config: { cases: [{ port: 'large', when: '{% total > 100 %}' }] },
      input: { id: 'D-1001', total: 250 },
      expect: { port: 'large', data: { id: 'D-1001', total: 250 } },
    },
    {
      title: 'Where no case is true, “else” is taken',
      config: {
        cases: [
          { port: 'large', when: '{% total > 100 %}' },
          { port: 'express', when: '{% priority = "express" %}' },
        ],
      },
      input: { id: 'D-1002', total: 20, priority: 'normal' },
      expect: { port: 'else', data: { id: 'D-1002', total: 20, priority: 'normal' } },
    },
  ],
  run(input, { cases }) {
    return emit(cases.find(({ when }) => when)?.port ?? 'else', input);
  },
});
