import type { FlowBundle, FlowEdge, FlowNode } from '@millrace/flow';

/** A change of a flow and its layout; returns the very same bundle where there is nothing to change. */
export type Edit = (bundle: FlowBundle) => FlowBundle;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const addNode =
  (id: string, node: FlowNode, at: Point): Edit =>
  (bundle) => ({
    ...bundle,
    flow: { ...bundle.flow, nodes: { ...bundle.flow.nodes, [id]: node } },
    layout: { ...bundle.layout, nodes: { ...bundle.layout.nodes, [id]: whole(at) } },
  });

/** Takes nodes away with their edges and their places; what stood in the body of a loop that goes stays, outside of it. */
export const removeNodes =
  (ids: ReadonlySet<string>): Edit =>
  (bundle) => {
    const { onError, ...flow } = bundle.flow;
    return {
      ...bundle,
      flow: {
        ...flow,
        nodes: Object.fromEntries(
          Object.entries(without(bundle.flow.nodes, ids)).map(([id, node]) => [id, outside(node, bundle, ids)]),
        ),
        edges: bundle.flow.edges.filter(({ from, to }) => !ids.has(from) && !ids.has(to)),
        ...(onError !== undefined && !ids.has(onError) && { onError }),
      },
      layout: { ...bundle.layout, nodes: without(bundle.layout.nodes, ids) },
    };
  };

export const moveNodes =
  (places: Readonly<Record<string, Point>>): Edit =>
  (bundle) => {
    const moved = Object.entries(places).map(([id, point]) => [id, whole(point)] as const);
    const nodes = { ...bundle.layout.nodes, ...Object.fromEntries(moved) };
    const same = moved.every(([id, { x, y }]) => bundle.layout.nodes[id]?.x === x && bundle.layout.nodes[id]?.y === y);
    return same ? bundle : { ...bundle, layout: { ...bundle.layout, nodes } };
  };

/** Draws an edge; one from a node to itself, or one that is there already, changes nothing. */
export const connect =
  (edge: FlowEdge): Edit =>
  (bundle) => {
    if (edge.from === edge.to || bundle.flow.edges.some((other) => sameEdge(other, edge))) return bundle;
    return { ...bundle, flow: { ...bundle.flow, edges: [...bundle.flow.edges, edge] } };
  };

export const disconnect =
  (gone: readonly FlowEdge[]): Edit =>
  (bundle) => {
    const edges = bundle.flow.edges.filter((edge) => !gone.some((other) => sameEdge(edge, other)));
    return edges.length === bundle.flow.edges.length ? bundle : { ...bundle, flow: { ...bundle.flow, edges } };
  };

/** What may be changed of a node; `undefined` takes the field away. */
export type NodeChange = { readonly [K in keyof FlowNode]?: FlowNode[K] | undefined };

export const changeNode =
  (id: string, change: NodeChange): Edit =>
  (bundle) => {
    const node = bundle.flow.nodes[id];
    if (!node) return bundle;
    const changed = defined({ ...node, ...change }) as FlowNode;
    return { ...bundle, flow: { ...bundle.flow, nodes: { ...bundle.flow.nodes, [id]: changed } } };
  };

/** Declares a connection slot of the flow, where it is not declared yet. */
export const declareSlot =
  (slot: string, type: string): Edit =>
  (bundle) => {
    if (bundle.flow.connections?.[slot]) return bundle;
    return { ...bundle, flow: { ...bundle.flow, connections: { ...bundle.flow.connections, [slot]: { type } } } };
  };

/** One edit that does several, undone in one step. */
export const together =
  (...edits: readonly Edit[]): Edit =>
  (bundle) =>
    edits.reduce((current, edit) => edit(current), bundle);

function sameEdge(a: FlowEdge, b: FlowEdge): boolean {
  return a.from === b.from && a.to === b.to && a.port === b.port;
}

/** A free id for a new node of a type: `core/http-request` → `http-request`, `http-request-2`, … */
export function freeNodeId(bundle: FlowBundle, type: string): string {
  const stem = type.slice(type.indexOf('/') + 1);
  let id = stem;
  for (let count = 2; bundle.flow.nodes[id]; count++) id = `${stem}-${count}`;
  return id;
}

/** The node in the innermost of its loops that stays. */
function outside(node: FlowNode, { flow }: Pick<FlowBundle, 'flow'>, gone: ReadonlySet<string>): FlowNode {
  if (node.parent === undefined || !gone.has(node.parent)) return node;
  const { parent, ...rest } = node;
  const outer = flow.nodes[parent]?.parent;
  return outside(outer === undefined ? rest : { ...rest, parent: outer }, { flow }, gone);
}

function without<T>(record: Readonly<Record<string, T>>, ids: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([id]) => !ids.has(id)));
}

function defined(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

/** Fractions of a pixel would only make noise in the stored layout. */
function whole({ x, y }: Point): Point {
  return { x: Math.round(x), y: Math.round(y) };
}
