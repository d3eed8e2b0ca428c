import Type, { type TSchema } from 'typebox';
import { slugPattern } from '../postgres/tenants/slug.ts';

export { Bundle, FlowId } from '../flows/bundle-shape.ts';

/** Shapes that several routes answer with. Times are ISO 8601 in UTC. */

export const Time = Type.String({ format: 'date-time', description: 'ISO 8601, UTC' });
export const Uuid = Type.String({
  pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
  description: 'UUID',
});
export const Named = Type.String({
  pattern: '^(draft|sandbox|production|[0-9]{1,9}|[0-9a-f]{64})$',
  description: '`draft`, what serves in `sandbox` or `production`, or a version by its name or number',
});
export const environments = ['sandbox', 'production'] as const;
export const Environment = Type.Union([Type.Literal('sandbox'), Type.Literal('production')]);
export const Slug = Type.String({ pattern: slugPattern, description: 'Short name of a tenant' });
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

/** How the tests of a flow went. */
export const testReport = {
  version: Type.String({ description: 'Name of what was tested: of a draft, the version that it would be' }),
  tests: Type.Array(
    Type.Object({
      file: Type.String(),
      name: Type.String(),
      mismatches: Type.Array(Type.String(), { description: 'What was not as expected; none: the test holds' }),
      nodes: Type.Array(Type.String(), { description: 'That its runs came to' }),
    }),
  ),
  untaken: Type.Array(Type.String(), { description: 'Edges that no test takes' }),
  passed: Type.Integer(),
  failed: Type.Integer(),
};
/** The same, as it is kept of a version. */
export const Report = Type.Object({ ...testReport, ranAt: Time, ranBy: Type.String() });
