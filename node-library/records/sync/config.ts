import { AnyJson, Expression, JsonataText } from '@millrace/contract';
import { FieldMap } from '@millrace/mapping';
import Type, { type Static } from 'typebox';
import { Condition, field } from '../query/config.ts';
import { recordAddress } from '../record.ts';

const closed = { additionalProperties: false };

const State = (title: string, description: string, example: string) =>
  Type.Optional(Type.String({ title, description, minLength: 1, maxLength: 64, examples: [example] }));

const Fields = (title: string, description: string, example: object) =>
  Type.Optional(Expression(Type.Record(Type.String(), AnyJson, { title, description, examples: [example] })));

const Percent = (title: string, description: string, standard?: number) =>
  Type.Optional(
    Expression(
      Type.Number({
        title,
        description,
        minimum: 0,
        maximum: 100,
        examples: [10],
        ...(standard !== undefined && { default: standard }),
      }),
    ),
  );

const ItemMap = Type.Object(
  {
    expression: Type.Optional(
      JsonataText({ title: 'Expression', description: 'JSONata over an item; gives the data of its record.' }),
    ),
    fields: Type.Optional(
      Type.Unsafe<FieldMap>({
        ...FieldMap,
        title: 'Fields',
        description: 'Lines of a mapping from an item to the data of its record.',
        minItems: 1,
        examples: [[{ to: 'quantity', from: 'qty', required: true }]],
      }),
    ),
  },
  {
    title: 'Mapping of an item',
    description: 'Makes the data of a record out of each item; left out, the item itself is the data.',
    oneOf: [
      { title: 'Field by field', required: ['fields'] },
      { title: 'One expression', required: ['expression'] },
    ],
    examples: [{ expression: '{ "quantity": qty }' }],
    ...closed,
  },
);
export type ItemMap = Static<typeof ItemMap>;

const Missing = Type.Object(
  {
    to: State('To', 'State that a missing record moves to.', 'INACTIVE'),
    back: State('Back', 'State that a record moves to when it is among the items again.', 'ACTIVE'),
    set: Fields('Set', 'Fields that a missing record gets.', { is_active: false }),
    mostPercent: Percent(
      'Most percent',
      'Where a greater share of the records is missing, the items are not believed and nothing is changed.',
      10,
    ),
  },
  {
    title: 'Missing records',
    description:
      'What becomes of records that are not among the items; with neither state nor fields they are only counted. Left empty, nobody looks for them.',
    examples: [{ set: { is_active: false } }],
    ...closed,
  },
);

const KeepOthers = Type.Object(
  {
    initial: Fields('New records', 'Fields that a new record gets besides those of its item.', { reserved: 0 }),
  },
  {
    title: 'Keep other fields',
    description: 'What an item does not bring stays in its record. Left empty, a record holds what its item brings.',
    examples: [{ initial: { reserved: 0 } }],
    ...closed,
  },
);

const count = (title: string, description: string, example: string | number) =>
  Type.Optional(Expression(Type.Integer({ title, description, minimum: 0, examples: [example] })));

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
    idField: Type.Optional({
      ...field,
      title: 'Id field',
      description: 'Field of an item that holds the record’s id, with a dot for each level.',
    }),
    id: Type.Optional(
      JsonataText({
        title: 'Id',
        description: 'JSONata over an item that gives the record’s id, where no single field holds it.',
        examples: ['location ? sku & "@" & location : sku'],
      }),
    ),
    map: Type.Optional(ItemMap),
    keepOthers: Type.Optional(KeepOthers),
    onChange: Fields(
      'Set on change',
      'Fields that a record gets where its item creates or changes it. By themselves they are no change.',
      { as_of: '{% $steps.ask.sentAt %}' },
    ),
    onlyWhere: Type.Optional(
      Expression(
        Type.Array(Condition, {
          title: 'Only where',
          description:
            'Conditions that a stored record must fit; others are left alone: neither changed nor counted as missing.',
          maxItems: 20,
          examples: [[{ field: 'as_of', until: '{% $steps.ask.sentAt %}' }]],
        }),
      ),
    ),
    missing: Type.Optional(Missing),
    onInvalid: Type.Optional(
      Type.Enum(['skip', 'fail'], {
        title: 'Invalid items',
        description: 'skip: left out and reported. fail: nothing is changed.',
        default: 'skip',
        examples: ['skip'],
      }),
    ),
    expectedCount: count(
      'Expected number',
      'How many items there must be; with another number nothing is changed.',
      '{% total_count %}',
    ),
    leastCount: count('Least number', 'How many items there must be at least; with fewer nothing is changed.', 1),
    mostChangedPercent: Percent(
      'Most changes',
      'Where a greater share (percent) of the records that the items are about would change, the items are not believed and nothing is changed.',
    ),
    listChanges: Type.Optional(
      Type.Boolean({
        title: 'List changes',
        description: 'Tells which records were changed or missing, as they were and as they are.',
        default: false,
        examples: [true],
      }),
    ),
  },
  {
    oneOf: [
      { title: 'Id in a field', required: ['idField'] },
      { title: 'Id by an expression', required: ['id'] },
    ],
    ...closed,
  },
);
export type SyncConfig = Static<typeof SyncConfig>;
