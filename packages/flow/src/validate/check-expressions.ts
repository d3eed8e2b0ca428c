import type { JsonObject, Problem } from '@millrace/contract';
import { isObject } from '@millrace/contract';
import type { FlowDocument } from '../document.ts';
import type { FlowGraphs } from '../graph.ts';
import { pointer } from '../pointer.ts';
import { type ExpressionPlace, expressionPlaces } from './expression-places.ts';
import { inBody, type NamesAt, namesIn } from './names-at.ts';

/**
 * Reads a JSONata text: whether it parses, and which names it uses (`$steps.<x>`, `$params.<x>`, and every variable
 * that neither the text itself nor a function binds; without the `$`). `analyse` of the mapping package is one.
 */
export type ExpressionCheck = (text: string) => {
  readonly error?: { readonly code: string; readonly message: string; readonly position?: number };
  readonly steps: readonly string[];
  /** What is read of them, as paths that begin with the step; all of each where it is left out. */
  readonly stepPaths?: readonly (readonly string[])[];
  /** `$steps` is used otherwise than as `$steps.<x>`, so that any step may be read. */
  readonly readsAllSteps: boolean;
  readonly params: readonly string[];
  readonly variables: readonly string[];
};

/** What may be named at a node, and what the flow has. */
interface Names extends NamesAt {
  readonly nodes: ReadonlySet<string>;
  readonly params: ReadonlySet<string>;
}

/** Checks every expression of every node. */
export function checkExpressions(
  document: FlowDocument,
  graphs: FlowGraphs,
  check: ExpressionCheck,
): readonly Problem[] {
  const reading = { nodes: new Set(Object.keys(document.nodes)), params: parameterNames(document) };
  const namesAt = namesIn(graphs);
  return [...graphs.nodes.values()].flatMap((each) => {
    const at = pointer('nodes', each.id, 'config');
    const places = expressionPlaces(each.type.config, each.node.config as JsonObject, at);
    if (places.length === 0) return [];
    const names = { ...reading, ...namesAt(each) };
    return places.flatMap((place) => checkPlace(place, names, check));
  });
}

function checkPlace(place: ExpressionPlace, names: Names, check: ExpressionCheck): readonly Problem[] {
  const { error, steps, params, variables } = check(place.text);
  if (error) return [unparsable(place, error)];
  const known = [...names.variables, ...place.bound];
  return [
    ...steps.flatMap((step) => stepProblem(place, step, names)),
    ...params.filter((name) => !names.params.has(name)).map((name) => unknownParameter(place, name)),
    ...variables.filter((name) => !known.includes(name)).map((name) => unknownVariable(place, name)),
  ];
}

function unparsable(place: ExpressionPlace, error: { code: string; message: string; position?: number }): Problem {
  const where = error.position === undefined ? '' : ` (at character ${error.position})`;
  return {
    code: 'EXPRESSION_PARSE',
    pointer: place.pointer,
    message: `The expression cannot be read${where}: ${error.message}`,
  };
}

function stepProblem({ pointer }: ExpressionPlace, step: string, { nodes, before }: Names): readonly Problem[] {
  if (before.has(step)) return [];
  if (!nodes.has(step))
    return [{ code: 'STEP_UNKNOWN', pointer, message: `“$steps.${step}” names a node that does not exist.` }];
  const message = `“$steps.${step}” names a node that does not come before this one.`;
  return [
    {
      code: 'STEP_NOT_BEFORE',
      pointer,
      message,
      hint: 'Only nodes from which a way leads here have an output by then.',
    },
  ];
}

function unknownParameter({ pointer }: ExpressionPlace, name: string): Problem {
  const message = `“$params.${name}” names a parameter that the flow does not declare.`;
  return { code: 'PARAMETER_UNKNOWN', pointer, message, hint: `Declare it under “parameters”, as property “${name}”.` };
}

function unknownVariable({ pointer }: ExpressionPlace, name: string): Problem {
  if (name === 'error') {
    return { code: 'VARIABLE_UNKNOWN', pointer, message: '“$error” exists only behind an “error” port.' };
  }
  if (inBody.includes(name)) {
    return { code: 'VARIABLE_UNKNOWN', pointer, message: `“$${name}” exists only in the body of a loop.` };
  }
  return { code: 'VARIABLE_UNKNOWN', pointer, message: `“$${name}” does not exist here.` };
}

function parameterNames({ parameters }: FlowDocument): ReadonlySet<string> {
  const properties = (parameters as JsonObject | undefined)?.properties;
  return new Set(properties !== undefined && isObject(properties) ? Object.keys(properties) : []);
}
