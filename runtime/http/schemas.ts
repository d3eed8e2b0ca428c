import { FlowLayout, LayeredMapping, ShippedTable } from '@millrace/flow';
import Type, { type TSchema } from 'typebox';

/** Shapes that several routes answer with. Times are ISO 8601 in UTC. */

export const Time = Type.String({ format: 'date-time', description: 'ISO 8601, UTC' });
export const Uuid = Type.String({
  pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
  description: 'UUID',
});
export const FlowId = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$' });
export const environments = ['sandbox', 'production'] as const;
export const Environment = Type.Union([Type.Literal('sandbox'), Type.Literal('production')]);
export const Slug = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'Short name of a tenant' });
export const emailPattern = '^[^\\s@<>,;:"]{1,64}@[^\\s@<>,;:"]{1,255}$';
export const Email = Type.String({ pattern: emailPattern, maxLength: 320 });
export const Password = Type.String({ minLength: 1, maxLength: 200 });
export const Code = Type.String({
  minLength: 6,
  maxLength: 40,
  description: 'Of the second factor, or one of its backup codes',
});
/** Where nothing else is asked for. */
export const production = 'production';
export const InEnvironment = Type.Object(
  { environment: Type.Optional(Environment) },
  { additionalProperties: false, description: 'Production where nothing else is said' },
);
export const HookUrl = Type.Object({ node: Type.String(), method: Type.String(), url: Type.String() });
export const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const Note = Type.Optional(Type.String({ maxLength: 2000, description: 'Why, for people' }));
export const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 }));

export const Problem = Type.Object({
  code: Type.String(),
  pointer: Type.String({ description: 'JSON Pointer into what was checked' }),
  message: Type.String(),
  hint: Type.Optional(Type.String()),
  severity: Type.Optional(
    Type.Enum(['warning', 'notice'], { description: 'Neither stands in anybody’s way; without it, an error' }),
  ),
  range: Type.Optional(
    Type.Object(
      { from: Type.Integer(), to: Type.Integer() },
      {
        description:
          'The part of the expression at the pointer, in UTF-16 units from where its text begins, inside any {% … %}',
      },
    ),
  ),
});

export const ErrorAnswer = Type.Object({
  error: Type.Object({
    code: Type.String({ description: 'UPPER_SNAKE' }),
    message: Type.String(),
    pointer: Type.Optional(Type.String()),
    problems: Type.Optional(Type.Array(Problem)),
    details: Type.Optional(Type.Unknown()),
    requestId: Type.Optional(Type.String({ description: 'Under which the log has the cause' })),
  }),
});

/** An error of a run or step as it was stored. */
export const ErrorData = Type.Object({
  category: Type.String(),
  code: Type.String(),
  message: Type.String(),
  pointer: Type.Optional(Type.String()),
  problems: Type.Optional(Type.Array(Problem)),
  details: Type.Optional(Type.Unknown()),
  retryAfter: Type.Optional(Type.Number()),
});

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
