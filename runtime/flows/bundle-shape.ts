import { FlowLayout, LayeredMapping, ShippedTable } from '@millrace/flow';
import Type from 'typebox';

export const FlowId = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$' });

/** A draft may be wrong in every way but this: it has an id, a name, and parts of the right kind. */
export const Bundle = Type.Object(
  {
    flow: Type.Object({
      id: FlowId,
      name: Type.String({ minLength: 1, maxLength: 200 }),
      nodes: Type.Record(Type.String(), Type.Unknown()),
      edges: Type.Array(Type.Unknown()),
    }),
    layout: Type.Optional(FlowLayout),
    samples: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    tests: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    records: Type.Optional(Type.Array(Type.Object({ id: Type.String() }))),
    tables: Type.Optional(Type.Array(ShippedTable, { maxItems: 100 })),
    mappings: Type.Optional(Type.Array(LayeredMapping, { maxItems: 100 })),
  },
  {
    additionalProperties: false,
    description: 'A flow with its layout, samples, tests, record types, code tables and mappings in layers',
  },
);
