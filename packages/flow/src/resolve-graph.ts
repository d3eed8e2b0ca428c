import type { CatalogueDescription, JsonObject, NodeDescription } from '@millrace/contract';
import type { FlowDocument, FlowEdge, FlowNode } from './document.ts';
import { everyGraph, type FlowGraph, type FlowGraphs, type GraphNode, type Outlet, ownNodes } from './graph.ts';
import { typesOf, unknownType } from './node-types.ts';
import { errorPort, firstPort, portsOf } from './ports.ts';

/**
 * Resolves a document against a catalogue. A node of unknown type stands in as one that does whatever its edges say, so
 * that one unknown type does not make everything behind it look wrong. Edges across the border of a body are left out, and
 * so are annotations, which only people read.
 *
 * The flow's `onError` node counts as the target of every `error` port that has no edge, except behind that node
 * itself (an error while an error is handled fails the run) and in bodies (an error ends the pass, which is the loop's).
 */
export function graphsOf(document: FlowDocument, catalogue: CatalogueDescription): FlowGraphs {
  const types = typesOf(catalogue);
  const typed = Object.entries(document.nodes).map(([id, node]) => ({
    id,
    node,
    type: types.get(node.type) ?? unknownType,
  }));
  const bare = typed.filter(({ type }) => !type.annotation);
  const targets = targetsOf(document.edges, new Map(bare.map((each) => [each.id, each])));
  const { '': outermost = [], ...inner } = groupByParent(bare);
  const main = mainGraph(outermost, targets, document.onError);
  const bodies = new Map(Object.entries(inner).map(([owner, nodes]) => [owner, bodyGraph(owner, nodes, targets)]));
  const nodes = everyGraph({ main, bodies })
    .flatMap(ownNodes)
    .map((each) => [each.id, each] as const);
  return { main, bodies, nodes: new Map(nodes) };
}

function groupByParent(nodes: readonly Bare[]): Readonly<Record<string, readonly Bare[]>> {
  return Object.fromEntries(Map.groupBy(nodes, ({ node }) => node.parent ?? ''));
}

function mainGraph(nodes: readonly Bare[], targets: Targets, onError: string | undefined): FlowGraph {
  const handler = handlerOf(onError, targets, new Set(nodes.map(({ id }) => id)));
  const triggers = nodes.filter(({ type }) => type.kind === 'trigger').map(({ id }) => id);
  return graph(
    nodes.map((each) => ({ ...each, outlets: outletsOf(each, targets.get(each.id), handler) })),
    triggers,
  );
}

function bodyGraph(owner: string, bare: readonly Bare[], targets: Targets): FlowGraph {
  const nodes = bare.map((each) => ({ ...each, outlets: outletsOf(each, targets.get(each.id), undefined) }));
  const led = new Set(nodes.flatMap(({ outlets }) => outlets.flatMap((outlet) => outlet.targets)));
  const entries = nodes.map(({ id }) => id).filter((id) => !led.has(id));
  const outlet = { name: firstPort(passStart), first: true, failure: false, targets: entries };
  const start: GraphNode = { id: owner, node: noNode, type: passStart, outlets: [outlet] };
  return { owner, ...graph([start, ...nodes], [owner]) };
}

function graph(nodes: readonly GraphNode[], triggers: readonly string[]): FlowGraph {
  const byId = new Map(nodes.map((each) => [each.id, each]));
  const ranked = rankedNodes(byId);
  return { nodes: byId, triggers, ranked, order: new Map(ranked.map((id, rank) => [id, rank])) };
}

/** What a loop is in its own body. */
const passStart: NodeDescription = { ...unknownType, kind: 'trigger' };
const noNode: FlowNode = { type: '', version: 1, config: {} };

type Bare = Pick<GraphNode, 'id' | 'node' | 'type'>;
type Targets = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

function targetsOf(edges: readonly FlowEdge[], nodes: ReadonlyMap<string, Bare>): Targets {
  const targets = new Map<string, Map<string, Set<string>>>();
  for (const { from, port, to } of edges) {
    const source = nodes.get(from);
    const target = nodes.get(to);
    if (!source || !target || source.node.parent !== target.node.parent) continue;
    const ports = targets.get(from) ?? new Map<string, Set<string>>();
    const name = port ?? firstPort(source.type);
    ports.set(name, (ports.get(name) ?? new Set()).add(to));
    targets.set(from, ports);
  }
  return targets;
}

/** Which nodes the flow's `onError` node serves: all that it does not lead to. */
function handlerOf(onError: string | undefined, targets: Targets, nodes: ReadonlySet<string>) {
  if (onError === undefined || !nodes.has(onError)) return undefined;
  const behind = new Set([onError]);
  for (const id of behind)
    for (const reached of targets.get(id)?.values() ?? []) for (const to of reached) behind.add(to);
  return { onError, serves: (id: string) => !behind.has(id) };
}

function outletsOf(
  { id, node, type }: Bare,
  targets: ReadonlyMap<string, ReadonlySet<string>> = new Map(),
  handler: ReturnType<typeof handlerOf>,
): readonly Outlet[] {
  const ports = portsOf(type, node.config as JsonObject);
  const unknown = [...targets.keys()].filter((name) => !ports.some((port) => port.name === name));
  const outlets = [...ports, ...unknown.map((name) => ({ name, first: false, failure: false }))];
  return outlets.map((port) => {
    const own = [...(targets.get(port.name) ?? [])];
    const unhandled = port.name === errorPort && own.length === 0;
    return { ...port, targets: unhandled && handler?.serves(id) ? [handler.onError] : own };
  });
}

/** Kahn's algorithm: a node is ranked when everything that leads to it has been. */
function rankedNodes(nodes: ReadonlyMap<string, GraphNode>): readonly string[] {
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
  return [...ranked];
}
