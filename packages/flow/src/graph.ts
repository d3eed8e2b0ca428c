import type { NodeDescription } from '@millrace/contract';
import type { FlowNode } from './document.ts';
import type { Port } from './ports.ts';

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

/** Nodes that share a parent, with their edges resolved to ports. Edges and nodes that mean nothing are left out. */
export interface FlowGraph {
  /** The loop whose body this is; none for the flow itself. */
  readonly owner?: string;
  /** A body holds its owner too: in its own body it stands for the pass, and starts the nodes that no edge leads to. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** Where runs start; in a body the owner. */
  readonly triggers: readonly string[];
  /** Rank of each node, after all that lead to it; nodes on or behind a cycle have none. */
  readonly order: ReadonlyMap<string, number>;
  /** The nodes that have a rank, by rank. */
  readonly ranked: readonly string[];
}

/** A flow and the bodies of its loops, each a graph of its own. */
export interface FlowGraphs {
  readonly main: FlowGraph;
  /** By the id that its nodes name as their parent, be it a loop or not. */
  readonly bodies: ReadonlyMap<string, FlowGraph>;
  /** Every node of the document, as it stands among those of its graph. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
}

/** Every graph, the flow's own first. */
export function everyGraph({ main, bodies }: Pick<FlowGraphs, 'main' | 'bodies'>): readonly FlowGraph[] {
  return [main, ...bodies.values()];
}

/** The nodes that the graph is made of, without the owner that stands for the pass. */
export function ownNodes({ nodes, owner }: FlowGraph): readonly GraphNode[] {
  return [...nodes.values()].filter(({ id }) => id !== owner);
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
  const found: string[] = [];
  for (const outlet of graph.nodes.get(id)?.outlets ?? []) if (follow(outlet)) found.push(...outlet.targets);
  return found;
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
