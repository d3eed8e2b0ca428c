import type { Json, JsonObject } from '@millrace/contract';
import { MillraceError } from '@millrace/contract';
import { type FlowDocument, isEqual } from '@millrace/flow';
import type { Foundation } from '../engine/engine.ts';
import { evaluationFor } from '../engine/evaluation.ts';

/**
 * The flow's parameters: its defaults overlaid by what is given, checked against the flow's parameter schema.
 * @throws {MillraceError} `PARAMETERS_INVALID` with every problem
 */
export async function parametersFor(
  { evaluator }: Pick<Foundation, 'evaluator'>,
  tenant: string,
  { parameters: schema }: FlowDocument,
  given: JsonObject,
): Promise<JsonObject> {
  const parameters = { ...defaultsOf(schema), ...given };
  const problems = schema ? await evaluationFor(evaluator, tenant).validate(schema as Json, parameters) : [];
  if (problems.length > 0)
    throw new MillraceError('PARAMETERS_INVALID', `The parameters do not fit: ${problems[0]?.message}`, { problems });
  return parameters;
}

/** What a flow runs with where nothing is given. */
export function defaultsOf(schema: FlowDocument['parameters']): JsonObject {
  const properties = Object.entries((schema?.properties ?? {}) as Record<string, { default?: Json }>);
  return Object.fromEntries(
    properties.flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Of what a flow is deployed with, the parameters that somebody has set: those that are not the defaults. */
export function setBeyondDefaults(schema: FlowDocument['parameters'], parameters: JsonObject): JsonObject {
  const defaults = defaultsOf(schema);
  return Object.fromEntries(Object.entries(parameters).filter(([name, value]) => !isEqual(value, own(defaults, name))));
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
