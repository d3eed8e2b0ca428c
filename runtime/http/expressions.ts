import type { JsonObject } from '@millrace/contract';
import Type from 'typebox';
import { readDraft } from '../flows/drafts.ts';
import { listExpressions } from '../flows/expressions.ts';
import { checkChange } from '../flows/type-checks.ts';
import { badRequest } from './errors.ts';
import { ok, route } from './route.ts';
import { FlowId, Problem } from './schemas.ts';

const params = Type.Object({ id: FlowId });
const ListedExpression = Type.Object({
  node: Type.String(),
  pointer: Type.String({ description: 'JSON Pointer into the flow document' }),
  text: Type.String({ description: 'JSONata, without braces' }),
  runs: Type.Enum(['engine', 'guarded', 'refused']),
  why: Type.Array(
    Type.Object({
      code: Type.String({ description: 'REGEX_BACKTRACKS, BUDGET_EXCEEDED, EVAL_OFF' }),
      message: Type.String(),
      range: Type.Optional(Type.Object({ from: Type.Integer(), to: Type.Integer() })),
    }),
  ),
});
const SchemaChange = Type.Object(
  {
    at: Type.String({ description: 'Id of the node that checks or makes data by the schema, or “params”' }),
    schema: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'The new schema' })),
    rename: Type.Optional(
      Type.Object(
        {
          field: Type.Array(Type.String(), { minItems: 1, description: 'Names from the outside in, through lists' }),
          as: Type.String({ minLength: 1 }),
        },
        { additionalProperties: false, description: 'Another name for one of its fields' },
      ),
    ),
  },
  { additionalProperties: false },
);

/** What is known of the expressions of a flow's draft. */
export const expressionRoutes = [
  route({
    method: 'get',
    path: '/flows/:id/expressions',
    action: 'flows.read',
    tag: 'Flows',
    summary: 'Every expression of the draft, with where it is evaluated and why',
    description:
      'In the process of the engine, or in a guarded process that is ended when it takes too long. What an expression has needed is known since the answering process began.',
    params,
    answers: {
      200: { description: 'Node by node', schema: Type.Object({ expressions: Type.Array(ListedExpression) }) },
    },
    async handle({ params, identity: { tenant } }, api) {
      const { bundle } = await readDraft(api, tenant, params.id);
      return ok({ expressions: listExpressions(bundle.flow, api.types, api.evaluator) });
    },
  }),
  route({
    method: 'post',
    path: '/flows/:id/broken-by',
    action: 'flows.check',
    tag: 'Flows',
    summary: 'What a change of a JSON Schema breaks in the draft',
    description: 'Lists every expression that works now and would no longer. Nothing is changed.',
    params,
    body: SchemaChange,
    answers: {
      200: {
        description: 'Problems with pointers into the flow document',
        schema: Type.Object({
          broken: Type.Array(Problem, { description: 'Wrong after the change, and not before' }),
          doubtful: Type.Array(Problem, {
            description: 'May read the field that is gone: of what they read it from nothing is known',
          }),
        }),
      },
    },
    async handle({ params, body: { at, schema, rename }, identity: { tenant } }, api) {
      if ((schema === undefined) === (rename === undefined)) throw badRequest('Send either “schema” or “rename”.');
      const { bundle } = await readDraft(api, tenant, params.id);
      const to = rename ? { rename: rename.field, as: rename.as } : { schema: schema as JsonObject };
      return ok(checkChange(bundle.flow, { at, to }, api.types));
    },
  }),
];
