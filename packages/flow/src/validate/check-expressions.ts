import type { JsonObject, Problem } from '@millrace/contract';
import { isObject } from '@millrace/contract';
import type { FlowDocument } from '../document.ts';
import {
  everyGraph,
  everyOutlet,
  type FlowGraph,
  type FlowGraphs,
  followers,
  type GraphNode,
  ownNodes,
} from '../graph.ts';
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
  /** What is read of them, as paths that begin with the step; all of each where it is left out. */
  readonly stepPaths?: readonly (readonly string[])[];
  /** `$steps` is used otherwise than as `$steps.<x>`, so that any step may be read. */
  readonly readsAllSteps: boolean;
  readonly params: readonly string[];
  readonly variables: readonly string[];
};

const everywhere = ['params', 'run', 'tenant'];
const behindTrigger = [...everywhere, 'trigger', 'steps'];
const inBody = ['item', 'index'];

/** What may be named at a node. */
interface Names {
  readonly nodes: ReadonlySet<string>;
  readonly before: ReadonlySet<string>;
  readonly params: ReadonlySet<string>;
  readonly variables: readonly string[];
}

/** Checks every expression of every node. */
export function checkExpressions(
  document: FlowDocument,
  graphs: FlowGraphs,
  check: ExpressionCheck,
): readonly Problem[] {
  const reading = { nodes: new Set(Object.keys(document.nodes)), params: parameterNames(document) };
  const leading = leadersIn(graphs);
  const behindError = nodesBehindErrors(graphs);
  return [...graphs.nodes.values()].flatMap((each) => {
    const at = pointer('nodes', each.id, 'config');
    const places = expressionPlaces(each.type.config, each.node.config as JsonObject, at);
    if (places.length === 0) return [];
    const before = nodesBefore(graphs, leading, each.id);
    const names = { ...reading, before, variables: variablesAt(each, behindError) };
    return places.flatMap((place) => checkPlace(place, names, check));
  });
}

function variablesAt({ id, node, type }: GraphNode, behindError: ReadonlySet<string>): readonly string[] {
  if (type.kind === 'trigger') return everywhere;
  return [...behindTrigger, ...(behindError.has(id) ? ['error'] : []), ...(node.parent === undefined ? [] : inBody)];
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

/** The nodes that lead directly to each node, within its own graph. */
type Leaders = ReadonlyMap<string, readonly string[]>;

function leadersIn(graphs: FlowGraphs): Leaders {
  const pairs = everyGraph(graphs).flatMap((graph) =>
    ownNodes(graph).flatMap(({ id }) => followers(graph, id, everyOutlet).map((to) => ({ id, to }))),
  );
  return new Map([...Map.groupBy(pairs, ({ to }) => to)].map(([to, each]) => [to, each.map(({ id }) => id)]));
}

/** The nodes from which a way leads to a node, or to a loop in whose body it stands. */
function nodesBefore({ nodes }: FlowGraphs, leaders: Leaders, id: string): ReadonlySet<string> {
  const found = new Set<string>();
  const around = new Set([id]);
  for (const each of around) {
    for (const before of leaders.get(each) ?? []) found.add(before);
    const parent = nodes.get(each)?.node.parent;
    if (parent !== undefined) around.add(parent);
  }
  for (const each of found) for (const before of leaders.get(each) ?? []) found.add(before);
  return found;
}

/** Nodes to which an error leads, all behind them, and all in the bodies of those. */
function nodesBehindErrors(graphs: FlowGraphs): ReadonlySet<string> {
  const found = new Set(everyGraph(graphs).flatMap(errorTargets));
  for (const id of found) {
    const { parent } = graphs.nodes.get(id)?.node ?? {};
    const graph = parent === undefined ? graphs.main : graphs.bodies.get(parent);
    for (const next of graph ? followers(graph, id, everyOutlet) : []) found.add(next);
    const body = graphs.bodies.get(id);
    for (const inner of body ? ownNodes(body) : []) found.add(inner.id);
  }
  return found;
}

function errorTargets(graph: FlowGraph): readonly string[] {
  return ownNodes(graph).flatMap(({ outlets }) =>
    outlets.filter(({ name }) => name === errorPort).flatMap(({ targets }) => targets),
  );
}
