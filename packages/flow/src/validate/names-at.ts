import {
  everyGraph,
  everyOutlet,
  type FlowGraph,
  type FlowGraphs,
  followers,
  type GraphNode,
  ownNodes,
} from '../graph.ts';
import { errorPort } from '../ports.ts';

/** What expressions of a node may name. */
export interface NamesAt {
  /** The nodes from which a way leads here. */
  readonly before: ReadonlySet<string>;
  /** Without the `$`. */
  readonly variables: readonly string[];
}

const everywhere = ['params', 'run', 'tenant'];
const behindTrigger = [...everywhere, 'trigger', 'steps'];
export const inBody = ['item', 'index'];

/** Tells of each node of a flow what its expressions may name. */
export function namesIn(graphs: FlowGraphs): (node: GraphNode) => NamesAt {
  const leading = leadersIn(graphs);
  const behindError = nodesBehindErrors(graphs);
  return (node) => ({ before: nodesBefore(graphs, leading, node.id), variables: variablesAt(node, behindError) });
}

function variablesAt({ id, node, type }: GraphNode, behindError: ReadonlySet<string>): readonly string[] {
  if (type.kind === 'trigger') return everywhere;
  return [...behindTrigger, ...(behindError.has(id) ? ['error'] : []), ...(node.parent === undefined ? [] : inBody)];
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
