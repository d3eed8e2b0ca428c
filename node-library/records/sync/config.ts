import { AnyJson, Expression } from '@millrace/contract';
import Type, { type Static } from 'typebox';
import { field } from '../query/config.ts';
import { recordAddress } from '../record.ts';

const State = (title: string, description: string, example: string) =>
  Type.Optional(Type.String({ title, description, minLength: 1, maxLength: 64, examples: [example] }));

const Missing = Type.Object(
  {
    to: State('To', 'State that a missing record moves to.', 'INACTIVE'),
    back: State('Back', 'State that a record moves to when it is among the items again.', 'ACTIVE'),
    set: Type.Optional(
      Type.Record(Type.String(), AnyJson, {
        title: 'Set',
        description: 'Fields that a missing record gets.',
        examples: [{ is_active: false }],
      }),
    ),
    mostPercent: Type.Optional(
      Type.Number({
        title: 'Most percent',
        description:
          'Where a greater share of the records is missing, the items are not believed and nothing is changed.',
        minimum: 0,
        maximum: 100,
        default: 10,
        examples: [10],
      }),
    ),
  },
  {
    title: 'Missing records',
    description: 'What becomes of records that are not among the items. Left empty, they stay as they are.',
    additionalProperties: false,
    examples: [{ set: { is_active: false } }],
  },
);

export const SyncConfig = Type.Object(
  {
    type: recordAddress.type,
    items: Type.Optional(
      Expression(
        Type.Unknown({
          title: 'Items',
          description: 'A list, or a list in the payload store; the whole input where left out.',
          examples: ['{% file %}'],
        }),
      ),
    ),
    idField: {
      ...field,
      title: 'Id field',
      description: 'Field of an item that holds the record’s id, with a dot for each level.',
    },
    missing: Type.Optional(Missing),
    onInvalid: Type.Optional(
      Type.Enum(['skip', 'fail'], {
        title: 'Invalid items',
        description: 'skip: left out and reported. fail: nothing is changed.',
        default: 'skip',
        examples: ['skip'],
      }),
    ),
    expectedCount: Type.Optional(
      Expression(
        Type.Integer({
          title: 'Expected number',
          description: 'How many items there must be; with another number nothing is changed.',
          minimum: 0,
          examples: ['{% total_count %}'],
        }),
      ),
    ),
  },
  { additionalProperties: false },
);
export type SyncConfig = Static<typeof SyncConfig>;
