import { isObject, type Json, MillraceError } from '@millrace/contract';
import { type FieldMap, fieldsToText, keepLists } from '@millrace/mapping';
import Type from 'typebox';
import type { EvaluationResult } from '../evaluator/protocol.ts';
import { badRequest } from './errors.ts';
import { ok, route } from './route.ts';

const Failure = Type.Object({
  code: Type.String(),
  message: Type.String(),
  position: Type.Optional(Type.Integer({ description: 'Offset into the expression' })),
});

export const evaluateRoutes = [
  route({
    method: 'post',
    path: '/evaluate',
    action: 'flows.check',
    tag: 'Mapping',
    summary: 'Evaluate an expression or a field map on a sample',
    description: 'In the guarded evaluator, as in a run; nothing is stored.',
    body: Type.Object(
      {
        expression: Type.Optional(Type.String({ description: 'JSONata without braces', maxLength: 1_000_000 })),
        fields: Type.Optional(Type.Array(Type.Unknown(), { description: 'A field map, instead of an expression' })),
        target: Type.Optional(
          Type.Record(Type.String(), Type.Unknown(), {
            description: 'JSON Schema: a list in it is a list in the result',
          }),
        ),
        input: Type.Unknown(),
        bindings: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Names without the $' })),
      },
      { additionalProperties: false },
    ),
    answers: {
      200: {
        description: 'The result (absent where the expression has none), or why there is none',
        schema: Type.Union([
          Type.Object({ result: Type.Optional(Type.Unknown()) }, { additionalProperties: false }),
          Type.Object({ error: Failure }, { additionalProperties: false }),
        ]),
      },
    },
    async handle({ body, identity: { tenant } }, { evaluator }) {
      const { expression, fields } = body;
      if ((expression === undefined) === (fields === undefined))
        throw badRequest('Send either “expression” or “fields”.');
      const text = textOf(expression ?? (fields as unknown as FieldMap));
      if (typeof text !== 'string') return ok(text);
      const now = new Date().toISOString();
      const bindings = (body.bindings ?? {}) as Record<string, Json>;
      const task = { kind: 'expression', text, input: body.input as Json, bindings, now, seed: now } as const;
      const [result] = await evaluator.evaluate(tenant.id, [task]);
      return ok(shown(result as EvaluationResult, body.target as Json | undefined));
    },
  }),
];

/** A field map as text; what is wrong with it is an answer too. */
function textOf(source: string | FieldMap): string | { error: unknown } {
  if (typeof source === 'string') return source;
  try {
    return fieldsToText(source);
  } catch (thrown) {
    if (!(thrown instanceof MillraceError)) throw thrown;
    return { error: { code: thrown.code, message: thrown.message } };
  }
}

function shown(result: EvaluationResult, target: Json | undefined): { result: Json | undefined } | { error: unknown } {
  if (result.ok) {
    const { value } = result;
    return { result: value === undefined || target === undefined ? value : keepLists(value, target) };
  }
  const { code, message, details } = result.error;
  const position = isObject(details) ? details.position : undefined;
  return { error: { code, message, ...(typeof position === 'number' && { position }) } };
}
