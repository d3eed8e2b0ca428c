import type { CatalogueDescription, JsonObject, NodeDescription } from '@millrace/contract';
import type { FlowDocument, FlowEdge, FlowNode } from './document.ts';
import { errorPort, firstPort, type Port, portsOf } from './ports.ts';

/** A port with the nodes that its edges lead to, in the order of the document's edges. */
export interface Outlet extends Port {
  readonly targets: readonly string[];
}

export interface GraphNode {
  readonly id: string;
  readonly node: FlowNode;
  readonly type: NodeDescription;
  readonly outlets: readonly Outlet[];
}

/** The flow's nodes with their edges resolved to ports. Edges and nodes that mean nothing are left out. */
export interface FlowGraph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly triggers: readonly string[];
  /** Rank of each node, after all that lead to it; nodes on or behind a cycle have none. */
  readonly order: ReadonlyMap<string, number>;
}

/**
 * Resolves a document against a catalogue. A node of unknown type stands in as one that does whatever its edges say, so
 * that one unknown type does not make everything behind it look wrong.
 *
 * The flow's `onError` node counts as the target of every `error` port that has no edge, except behind that node
 * itself: an error while an error is handled fails the run.
 */
export function graphOf(document: FlowDocument, catalogue: CatalogueDescription): FlowGraph {
  const types = typesOf(catalogue);
  const typed = Object.entries(document.nodes).map(([id, node]) => ({
    id,
    node,
    type: types.get(node.type) ?? unknownType,
  }));
  const bare = new Map(typed.map((each) => [each.id, each]));
  const targets = targetsOf(document.edges, bare);
  const handler = handlerOf(document.onError, targets, bare);
  const nodes = new Map(
    typed.map((each) => [each.id, { ...each, outlets: outletsOf(each, targets.get(each.id), handler) }]),
  );
  const triggers = typed.filter(({ type }) => type.kind === 'trigger').map(({ id }) => id);
  return { nodes, triggers, order: orderOf(nodes) };
}

/** Stands in for types that the catalogue does not have. */
export const unknownType: NodeDescription = {
  kind: 'node',
  id: '',
  version: 1,
  title: '',
  summary: '',
  icon: '',
  config: {},
  outputs: { out: {} },
  examples: [],
};

/** Kahn's algorithm: a node is ranked when everything that leads to it has been. */
function orderOf(nodes: ReadonlyMap<string, GraphNode>): ReadonlyMap<string, number> {
  const edges = [...nodes.values()].flatMap(({ id, outlets }) =>
    outlets.flatMap(({ targets }) => targets.map((to) => [id, to] as const)),
  );
  const open = new Map([...nodes.keys()].map((id) => [id, 0]));
  for (const [, to] of edges) open.set(to, (open.get(to) ?? 0) + 1);
  const leading = Map.groupBy(edges, ([from]) => from);
  const ranked = new Set([...open].filter(([, count]) => count === 0).map(([id]) => id));
  for (const id of ranked) {
    for (const [, to] of leading.get(id) ?? []) {
      const left = (open.get(to) ?? 0) - 1;
      open.set(to, left);
      if (left === 0) ranked.add(to);
    }
  }
  return new Map([...ranked].map((id, rank) => [id, rank]));
}

export function typesOf(catalogue: CatalogueDescription): ReadonlyMap<string, NodeDescription> {
  return new Map(catalogue.nodes.map((type) => [type.id, type]));
}

type Bare = Pick<GraphNode, 'id' | 'node' | 'type'>;
type Targets = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

function targetsOf(edges: readonly FlowEdge[], nodes: ReadonlyMap<string, Bare>): Targets {
  const targets = new Map<string, Map<string, string[]>>();
  for (const { from, port, to } of edges) {
    const source = nodes.get(from);
    if (!source || !nodes.has(to)) continue;
    const ports = targets.get(from) ?? new Map<string, string[]>();
    const name = port ?? firstPort(source.type);
    const known = ports.get(name) ?? [];
    if (!known.includes(to)) ports.set(name, [...known, to]);
    targets.set(from, ports);
  }
  return targets;
}

/** Which nodes the flow's `onError` node serves: all that it does not lead to. */
function handlerOf(onError: string | undefined, targets: Targets, nodes: ReadonlyMap<string, Bare>) {
  if (onError === undefined || !nodes.has(onError)) return undefined;
  const behind = new Set([onError]);
  for (const id of behind) for (const to of [...(targets.get(id)?.values() ?? [])].flat()) behind.add(to);
  return { onError, serves: (id: string) => !behind.has(id) };
}

function outletsOf(
  { id, node, type }: Bare,
  targets: ReadonlyMap<string, readonly string[]> = new Map(),
  handler: ReturnType<typeof handlerOf>,
): readonly Outlet[] {
  const ports = portsOf(type, node.config as JsonObject);
  const unknown = [...targets.keys()].filter((name) => !ports.some((port) => port.name === name));
  const outlets = [...ports, ...unknown.map((name) => ({ name, first: false, failure: false }))];
  return outlets.map((port) => {
    const own = targets.get(port.name) ?? [];
    const unhandled = port.name === errorPort && own.length === 0;
    return { ...port, targets: unhandled && handler?.serves(id) ? [handler.onError] : own };
  });
}

/** Which outlets a walk follows. */
export type Follow = (outlet: Outlet) => boolean;
export const everyOutlet: Follow = () => true;
/** Where no failure leads. */
export const ordinaryOutlets: Follow = (outlet) => !outlet.failure;
/** The main path: first ports only. */
export const firstOutlets: Follow = (outlet) => outlet.first;

/** The nodes that follow a node directly. */
export function followers(graph: FlowGraph, id: string, follow: Follow): readonly string[] {
  return (graph.nodes.get(id)?.outlets ?? []).flatMap((outlet) => (follow(outlet) ? outlet.targets : []));
}

/** A node and all that it leads to; what lies beyond `stop` only if there is a way around it. */
export function reach(graph: FlowGraph, start: string, follow: Follow, stop?: string): ReadonlySet<string> {
  const reached = new Set([start]);
  for (const id of reached) {
    if (id === stop) continue;
    for (const next of followers(graph, id, follow)) reached.add(next);
  }
  return reached;
}
