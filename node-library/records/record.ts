import { AnyJson, Expression, type JsonObject, type StoredRecord } from '@millrace/contract';
import Type from 'typebox';

/** Config fields that say which record is meant; the same in every node of this pack. */
export const recordAddress = {
  type: Type.String({
    title: 'Record type',
    description: 'Id of a record type that the flow keeps.',
    pattern: '^[a-z][a-z0-9-]{0,63}$',
    examples: ['erp-export'],
  }),
  id: Expression(
    Type.String({
      title: 'Id',
      description: 'What tells one record of the type from another.',
      minLength: 1,
      maxLength: 200,
      examples: ['{% export_id %}'],
    }),
  ),
};

/** Config field for the reason that the history tells of a change. */
export const why = Type.Optional(
  Expression(
    Type.String({
      title: 'Why',
      description: 'Reason, for the history.',
      maxLength: 1000,
      examples: ['{% "Confirmed as " & erp_order_id %}'],
    }),
  ),
);

/** What nodes emit that are about one record. */
export const RecordOutput = Type.Object({
  type: Type.String(),
  id: Type.String(),
  version: Type.Integer(),
  data: Type.Record(Type.String(), AnyJson),
});

export function recordOutput({ type, id, version, data }: StoredRecord): JsonObject {
  return { type, id, version, data };
}
