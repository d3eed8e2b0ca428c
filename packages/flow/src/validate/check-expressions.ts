import type { JsonObject, Problem } from '@millrace/contract';
import { isObject } from '@millrace/contract';
import type { FlowDocument } from '../document.ts';
import { everyOutlet, type FlowGraph, followers, type GraphNode } from '../graph.ts';
import { pointer } from '../pointer.ts';
import { errorPort } from '../ports.ts';
import { type ExpressionPlace, expressionPlaces } from './expression-places.ts';

/**
 * Reads a JSONata text: whether it parses, and which names it uses (`$steps.<x>`, `$params.<x>`, and every variable
 * that neither the text itself nor a function binds; without the `$`). `analyse` of the mapping package is one.
 */
export type ExpressionCheck = (text: string) => {
  readonly error?: { readonly code: string; readonly message: string; readonly position?: number };
  readonly steps: readonly string[];
  readonly params: readonly string[];
  readonly variables: readonly string[];
};

const everywhere = ['params', 'run', 'tenant'];
const behindTrigger = [...everywhere, 'trigger', 'steps'];

/** What may be named at a node. */
interface Names {
  readonly nodes: ReadonlySet<string>;
  readonly before: ReadonlySet<string>;
  readonly params: ReadonlySet<string>;
  readonly variables: readonly string[];
}

/** Checks every expression of every node. */
export function checkExpressions(document: FlowDocument, graph: FlowGraph, check: ExpressionCheck): readonly Problem[] {
  const reading = { nodes: new Set(Object.keys(document.nodes)), params: parameterNames(document) };
  const leading = leadersOf(graph);
  const behindError = nodesBehindErrors(graph);
  return [...graph.nodes.values()].flatMap((each) => {
    const places = expressionPlaces(
      each.type.config,
      each.node.config as JsonObject,
      pointer('nodes', each.id, 'config'),
    );
    if (places.length === 0) return [];
    const names = { ...reading, before: ancestors(leading, each.id), variables: variablesAt(each, behindError) };
    return places.flatMap((place) => checkPlace(place, names, check));
  });
}

function variablesAt({ id, type }: GraphNode, behindError: ReadonlySet<string>): readonly string[] {
  if (type.kind === 'trigger') return everywhere;
  return behindError.has(id) ? [...behindTrigger, 'error'] : behindTrigger;
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
  return { code: 'VARIABLE_UNKNOWN', pointer, message: `“$${name}” does not exist here.` };
}

function parameterNames({ parameters }: FlowDocument): ReadonlySet<string> {
  const properties = (parameters as JsonObject | undefined)?.properties;
  return new Set(properties !== undefined && isObject(properties) ? Object.keys(properties) : []);
}

type Leaders = ReadonlyMap<string, readonly string[]>;

function leadersOf(graph: FlowGraph): Leaders {
  const pairs = [...graph.nodes.keys()].flatMap((id) => followers(graph, id, everyOutlet).map((to) => ({ id, to })));
  return new Map([...Map.groupBy(pairs, ({ to }) => to)].map(([to, each]) => [to, each.map(({ id }) => id)]));
}

function ancestors(leaders: Leaders, id: string): ReadonlySet<string> {
  const found = new Set(leaders.get(id));
  for (const each of found) for (const before of leaders.get(each) ?? []) found.add(before);
  return found;
}

/** Nodes to which an error leads, and all behind them. */
function nodesBehindErrors(graph: FlowGraph): ReadonlySet<string> {
  const errors = [...graph.nodes.values()].flatMap(({ outlets }) => outlets.filter(({ name }) => name === errorPort));
  const found = new Set(errors.flatMap(({ targets }) => targets));
  for (const id of found) for (const next of followers(graph, id, everyOutlet)) found.add(next);
  return found;
}
