import { Expression } from '@millrace/contract';
import Type, { type Static } from 'typebox';
import { recordAddress } from '../record.ts';

function value(title: string, description: string, example: string) {
  return Type.Optional(Expression(Type.Unknown({ title, description, examples: [example] })));
}

export const field = Type.String({
  title: 'Field',
  description: 'Name of a field of the data, with a dot for each level.',
  pattern: '^[^.$][^.]*(\\.[^.]+)*$',
  maxLength: 200,
  examples: ['customer.country'],
});

function moment(title: string, description: string) {
  return Type.Optional(
    Expression(Type.String({ title, description, format: 'date-time', examples: ['2026-11-01T00:00:00+01:00'] })),
  );
}

export const Condition = Type.Object(
  {
    field: {
      ...field,
      description:
        'Name of a field of the data, with a dot for each level; `$id`, the record’s own id; `$created` or `$updated`, its own times.',
      pattern: '^(\\$(id|created|updated)|[^.$][^.]*(\\.[^.]+)*)$',
    },
    equals: value('Equals', 'The field is exactly this.', '{% country %}'),
    in: Type.Optional(
      Expression(
        Type.Array(Type.Unknown(), {
          title: 'One of',
          description: 'The field is one of these.',
          maxItems: 1000,
          examples: [['SE', 'NO']],
        }),
      ),
    ),
    atLeast: value('At least', 'The field is this or more; numbers by value, texts by the alphabet.', '{% total %}'),
    above: value('Above', 'The field is more than this.', '2026-01-01'),
    atMost: value('At most', 'The field is this or less.', '{% total %}'),
    below: value('Below', 'The field is less than this.', '2026-02-01'),
    since: moment(
      'Since',
      'The field is a time, and this one or later. Times are compared whatever zone they are written in.',
    ),
    after: moment('After', 'The field is a later time than this.'),
    until: moment('Until', 'The field is a time, and this one or earlier.'),
    before: moment('Before', 'The field is an earlier time than this.'),
  },
  { additionalProperties: false },
);
export type Condition = Static<typeof Condition>;

export const QueryConfig = Type.Object(
  {
    type: recordAddress.type,
    where: Type.Optional(
      Type.Array(Condition, {
        title: 'Where',
        description: 'Conditions; a record must fit all of them.',
        maxItems: 20,
        examples: [[{ field: 'customer.country', equals: '{% country %}' }]],
      }),
    ),
    states: Type.Optional(
      Type.Array(Type.String({ maxLength: 64 }), {
        title: 'States',
        description: 'States of the life cycle; all where left empty.',
        maxItems: 50,
        examples: [['OPEN', 'SENT']],
      }),
    ),
    orderBy: Type.Optional(
      Type.String({
        title: 'Order by',
        description: '`$created`, `$updated`, `$id`, or a field of the data.',
        pattern: '^(\\$(created|updated|id)|[^.$][^.]*(\\.[^.]+)*)$',
        maxLength: 200,
        default: '$created',
        examples: ['$created'],
      }),
    ),
    descending: Type.Optional(
      Type.Boolean({ title: 'Descending', description: 'The last first.', default: false, examples: [true] }),
    ),
    limit: Type.Optional(
      Type.Integer({
        title: 'Limit',
        description: 'Records of a page at most.',
        minimum: 1,
        maximum: 1000,
        default: 100,
        examples: [100],
      }),
    ),
    cursor: Type.Optional(
      Expression(
        Type.Union([Type.String({ maxLength: 10_000 }), Type.Null()], {
          title: 'Cursor',
          description: '`next` of the page before; the first page where left empty or null.',
          examples: ['{% next %}'],
        }),
      ),
    ),
  },
  { additionalProperties: false },
);
export type QueryConfig = Static<typeof QueryConfig>;
