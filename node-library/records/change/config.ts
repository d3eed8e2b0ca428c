import { Expression, JsonataText } from '@millrace/contract';
import Type, { type Static } from 'typebox';
import { recordAddress } from '../record.ts';

export const ChangeConfig = Type.Object(
  {
    type: recordAddress.type,
    items: Type.Optional(
      Expression(
        Type.Array(Type.Unknown(), {
          title: 'Items',
          description: 'What brings the changes, one after the other; the whole input as the only item where left out.',
          maxItems: 1000,
          examples: ['{% lines %}'],
        }),
      ),
    ),
    id: JsonataText({
      title: 'Id',
      description: 'Id of the record that an item ($) changes.',
      examples: ['sku'],
    }),
    when: Type.Optional(
      JsonataText({
        title: 'When',
        description:
          'Condition over { item, data } that gives true or false, data being the record as it is, null where there is none. Left out: always.',
        examples: ['data != null and $moneySubtract(data.quantity, data.reserved) >= item.quantity'],
      }),
    ),
    set: JsonataText({
      title: 'Set',
      description: 'Fields to set, out of { item, data }; the others stay as they are.',
      examples: ['{ "reserved": $moneyAdd(data.reserved, item.quantity) }'],
    }),
  },
  { additionalProperties: false },
);
export type ChangeConfig = Static<typeof ChangeConfig>;
