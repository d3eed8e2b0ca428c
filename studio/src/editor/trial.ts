import type { Json } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';

/** What a node got and gave when it was tried. */
export interface NodeData {
  readonly input: Json | undefined;
  readonly output: Json | undefined;
  readonly port: string | undefined;
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

/** Data of the nodes of a flow, and the flow as it was when they were tried. */
export interface Trial {
  readonly flow: FlowDocument;
  /** What it was tried with. */
  readonly payload: Json;
  readonly data: ReadonlyMap<string, NodeData>;
}

/** Node → data that stands in for what it would give while the flow is tried; never in a real run. */
export type Pins = Readonly<Record<string, Json>>;

/** What has changed since a node's data was made. */
export type Stale = { readonly kind: 'settings' | 'wiring' } | { readonly kind: 'before'; readonly node: string };

/**
 * Why the data shown for a node is not what it would be now; nothing where it would be the same. Documents are never changed
 * in place, so that what is the same object is unchanged.
 */
export function staleness(node: string, trial: Trial, flow: FlowDocument): Stale | undefined {
  if (!trial.data.has(node)) return undefined;
  if (!isSameNode(node, trial.flow, flow)) return { kind: 'settings' };
  const [then, now] = [before(node, trial.flow), before(node, flow)];
  if (then.edges.join() !== now.edges.join()) return { kind: 'wiring' };
  const changed = now.nodes.find((id) => !isSameNode(id, trial.flow, flow));
  return changed === undefined ? undefined : { kind: 'before', node: changed };
}

/** By what decides what it does; a title does not. */
function isSameNode(id: string, a: FlowDocument, b: FlowDocument): boolean {
  const [one, other] = [a.nodes[id], b.nodes[id]];
  return (
    one !== undefined &&
    other !== undefined &&
    one.config === other.config &&
    one.type === other.type &&
    one.version === other.version &&
    one.parent === other.parent
  );
}

/** Everything that leads to a node, and the loops around it with what leads to those. */
function before(node: string, flow: FlowDocument): { readonly nodes: string[]; readonly edges: string[] } {
  const nodes = new Set<string>();
  const edges = new Set<string>();
  const visit = (id: string) => {
    const parent = flow.nodes[id]?.parent;
    for (const edge of flow.edges) {
      if (edge.to !== id) continue;
      edges.add(`${edge.from}:${edge.port ?? ''}>${id}`);
      enter(edge.from);
    }
    if (parent !== undefined) enter(parent);
  };
  const enter = (id: string) => {
    if (nodes.has(id) || id === node || !flow.nodes[id]) return;
    nodes.add(id);
    visit(id);
  };
  visit(node);
  return { nodes: [...nodes], edges: [...edges].sort() };
}

/**
 * Outcomes to give in place of nodes before one that is run by itself: what is pinned, and what they gave when they were
 * tried last. A node whose data is not known is run.
 */
export function outcomesBefore(node: string, pins: Pins, trial: Trial | undefined, flow: FlowDocument) {
  const given = before(node, flow).nodes.flatMap((id) => {
    const known = trial?.data.get(id);
    if (id in pins) return [[id, { output: pins[id] as Json, ...(known?.port && { port: known.port }) }] as const];
    if (!known || known.error || known.port === undefined || !trial || staleness(id, trial, flow)) return [];
    return [[id, { output: known.output ?? null, port: known.port }] as const];
  });
  return Object.fromEntries(given);
}
