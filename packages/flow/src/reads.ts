import type { JsonObject } from '@millrace/contract';
import { type FlowGraphs, ownNodes } from './graph.ts';
import type { ExpressionCheck } from './validate/check-expressions.ts';
import { expressionPlaces } from './validate/expression-places.ts';

/** What the expressions of a node, and of the nodes in its body, read of what happened before. */
export interface Reads {
  /** Nodes, as `$steps.<id>`. */
  readonly nodes: ReadonlySet<string>;
  /** `$steps` otherwise: any node may be read. */
  readonly everything: boolean;
  /** `$error` */
  readonly error: boolean;
}

export const noReads: Reads = { nodes: new Set(), everything: false, error: false };

/** What every node reads, by its id; nodes that read nothing are left out. */
export function readsOf(graphs: FlowGraphs, check: ExpressionCheck): ReadonlyMap<string, Reads> {
  const found = new Map<string, Reads>();
  const visit = (id: string): Reads => {
    const inBody = [...bodyOf(graphs, id)].map(visit);
    const reads = union([...ownReads(graphs, id, check), ...inBody]);
    if (reads !== noReads) found.set(id, reads);
    return reads;
  };
  for (const { id } of ownNodes(graphs.main)) visit(id);
  return found;
}

function bodyOf({ bodies }: FlowGraphs, id: string): readonly string[] {
  const body = bodies.get(id);
  return body ? ownNodes(body).map((each) => each.id) : [];
}

function ownReads({ nodes }: FlowGraphs, id: string, check: ExpressionCheck): readonly Reads[] {
  const { type, node } = nodes.get(id) ?? {};
  if (!type || !node) return [];
  return expressionPlaces(type.config, node.config as JsonObject, '').map(({ text }) => {
    const { steps, readsAllSteps, variables } = check(text);
    return { nodes: new Set(steps), everything: readsAllSteps, error: variables.includes('error') };
  });
}

function union(all: readonly Reads[]): Reads {
  if (all.length === 0) return noReads;
  return {
    nodes: new Set(all.flatMap(({ nodes }) => [...nodes])),
    everything: all.some(({ everything }) => everything),
    error: all.some(({ error }) => error),
  };
}
