import type { Change, FlowDocument, FlowEdge, FlowLayout } from '@millrace/flow';
import type { FlowBundle } from '../api/types.ts';
import { type Emphasis, edgeId, type Highlights } from '../canvas/drawing.ts';

/** Two versions as one drawing: what is in either, and what became of it. */
export interface DrawnDifference {
  readonly flow: FlowDocument;
  readonly layout: FlowLayout;
  readonly highlights: Highlights;
}

/** @param changes the difference of the two; of it counts what belongs to a node. */
export function drawnDifference(
  before: FlowBundle,
  after: FlowBundle,
  changes: readonly Pick<Change, 'pointer'>[],
): DrawnDifference {
  const nodes = { ...before.flow.nodes, ...after.flow.nodes };
  const edges = new Map([...before.flow.edges, ...after.flow.edges].map((edge) => [edgeId(edge), edge]));
  return {
    flow: { ...after.flow, nodes, edges: [...edges.values()] },
    layout: { nodes: { ...before.layout.nodes, ...after.layout.nodes } },
    highlights: { nodes: emphasisOfNodes(before, after, changes), edges: emphasisOfEdges(before, after) },
  };
}

function emphasisOfNodes(
  before: FlowBundle,
  after: FlowBundle,
  changes: readonly Pick<Change, 'pointer'>[],
): Map<string, Emphasis> {
  const touched = changes.flatMap(({ pointer }) => nodeAt(pointer) ?? []);
  return new Map([...new Set(touched)].map((id) => [id, became(id in before.flow.nodes, id in after.flow.nodes)]));
}

function emphasisOfEdges(before: FlowBundle, after: FlowBundle): Map<string, Emphasis> {
  const [from, to] = [before, after].map(({ flow }) => new Set(flow.edges.map((edge: FlowEdge) => edgeId(edge))));
  const gone = [...(from ?? [])].filter((id) => !to?.has(id));
  const come = [...(to ?? [])].filter((id) => !from?.has(id));
  return new Map([...gone.map((id) => [id, 'removed'] as const), ...come.map((id) => [id, 'added'] as const)]);
}

function became(wasThere: boolean, isThere: boolean): Emphasis {
  if (wasThere) return isThere ? 'changed' : 'removed';
  return 'added';
}

/** The node that a place of a bundle belongs to. */
export function nodeAt(pointer: string): string | undefined {
  return /^\/flow\/nodes\/([^/]+)/.exec(pointer)?.[1];
}
