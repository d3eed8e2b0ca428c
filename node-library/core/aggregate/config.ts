import { Expression, JsonataText } from '@millrace/contract';
import Type, { type Static } from 'typebox';
import { ListForm } from '../list/collect.ts';

const To = Type.String({
  title: 'Field',
  description: 'What the field of the result is called.',
  minLength: 1,
  maxLength: 200,
  examples: ['total'],
});

const Key = Type.Object(
  {
    to: To,
    from: JsonataText({
      title: 'Value',
      description: 'JSONata over an item; items with equal values are one group.',
      examples: ['customer.id'],
    }),
  },
  { additionalProperties: false },
);

const Field = Type.Object(
  {
    to: To,
    take: Type.Enum(['sum', 'count', 'first', 'last', 'collect'], {
      title: 'Take',
      description:
        'sum: added up exactly; count: how many; first, last: one of them; collect: all of them in a list. Items without a value are left out.',
      examples: ['sum'],
    }),
    from: Type.Optional(
      JsonataText({
        title: 'Value',
        description: 'JSONata over an item; the item itself where nothing is named.',
        examples: ['price * quantity'],
      }),
    ),
  },
  { additionalProperties: false },
);
export type AggregateField = Static<typeof Field>;

export const AggregateConfig = Type.Object(
  {
    from: Expression(
      Type.Unknown({
        title: 'List',
        description: 'A list, or a file that holds one; {% $ %} is the input itself.',
        examples: ['{% $steps.parse %}'],
      }),
    ),
    groupBy: Type.Optional(
      Type.Array(Key, {
        title: 'Group by',
        description: 'Values that tell the groups apart. Without them all items are one group.',
        minItems: 1,
        maxItems: 20,
        examples: [[{ to: 'customer', from: 'customer.id' }]],
      }),
    ),
    fields: Type.Array(Field, {
      title: 'Fields',
      description: 'What is said of each group.',
      maxItems: 100,
      examples: [[{ to: 'total', take: 'sum', from: 'amount' }]],
    }),
    as: Type.Optional(ListForm),
  },
  { additionalProperties: false },
);
export type AggregateConfig = Static<typeof AggregateConfig>;
