import type { FlowDocument, FlowEdge, FlowLayout } from '@millrace/flow';
import type { Point } from './edits.ts';

/** Distances of a tidy drawing in pixels, from one corner of a node to the same corner of the next. */
export const columnWidth = 320;
export const rowHeight = 116;

/** Size of a box. */
export const boxWidth = 260;
export const boxHeight = 68;
/** Room between the boxes of a flow and those of a body beside them. */
const bodyMargin = { x: 60, y: 24 };

export type Orientation = 'down' | 'right';

/** Which way the edges of a drawing mostly run; decides on which sides of a node its ports are. */
export function orientationOf(flow: FlowDocument, layout: FlowLayout): Orientation {
  let right = 0;
  let down = 0;
  for (const { from, to } of flow.edges) {
    const a = layout.nodes[from];
    const b = layout.nodes[to];
    if (!a || !b) continue;
    right += Math.abs(b.x - a.x) / columnWidth;
    down += Math.abs(b.y - a.y) / rowHeight;
  }
  return right > down ? 'right' : 'down';
}

/**
 * Places for all nodes, top down: a node stands below everything that leads to it, the ordinary way straight down and
 * the other ways to its right. The bodies of loops stand to the right of everything around them, each beside its loop.
 * Cycles do no harm; an edge back to an earlier node is passed over.
 */
export function tidy(flow: FlowDocument): Record<string, Point> {
  return tidyBody(flow, undefined);
}

function tidyBody(flow: FlowDocument, loop: string | undefined): Record<string, Point> {
  const isHere = (id: string) => bodyWith(flow, id) === loop;
  const own = Object.entries(flow.nodes).filter(([id]) => isHere(id));
  const nodes = Object.fromEntries(own);
  const places = tidyPlain({ ...flow, nodes, edges: flow.edges.filter(({ from, to }) => nodes[from] && nodes[to]) });
  const right = Math.max(0, ...Object.values(places).map(({ x }) => x)) + columnWidth + bodyMargin.x;
  let bottom = Number.NEGATIVE_INFINITY;
  const loops = Object.entries(places).sort(([, a], [, b]) => a.y - b.y || a.x - b.x);
  for (const [id, { y }] of loops) {
    const body = id === loop ? [] : Object.entries(tidyBody(flow, id));
    if (body.length === 0) continue;
    const top = Math.max(y, bottom);
    for (const [inner, place] of body) places[inner] = { x: right + place.x, y: top + place.y };
    bottom = top + Math.max(...body.map(([, place]) => place.y)) + rowHeight + bodyMargin.y;
  }
  return places;
}

/** The loop in whose body a node is laid out; one that is not there, or would be in itself, is none. */
function bodyWith({ nodes }: FlowDocument, id: string): string | undefined {
  const around = new Set<string>();
  for (let at = nodes[id]?.parent; at !== undefined && nodes[at]; at = nodes[at]?.parent) {
    if (at === id || around.has(at)) return undefined;
    around.add(at);
  }
  const [parent] = around;
  return parent;
}

function tidyPlain(flow: FlowDocument): Record<string, Point> {
  const rows = rowsOf(flow);
  const taken = new Set<string>();
  const places: Record<string, Point> = {};
  const put = (id: string, column: number) => {
    if (places[id]) return;
    const row = rows.get(id) ?? 0;
    let free = column;
    while (taken.has(`${row}:${free}`)) free++;
    taken.add(`${row}:${free}`);
    places[id] = { x: free * columnWidth, y: row * rowHeight };
    waysFrom(flow.edges, id).forEach(({ to }, index) => {
      put(to, free + index);
    });
  };
  for (const id of startsOf(flow)) put(id, 0);
  for (const id of Object.keys(flow.nodes)) put(id, 0);
  return places;
}

/** The layout with a tidy place for each node that has none. */
export function completeLayout(flow: FlowDocument, layout: FlowLayout): FlowLayout {
  const missing = Object.keys(flow.nodes).filter((id) => !layout.nodes[id]);
  if (missing.length === 0) return layout;
  const places = tidy(flow);
  return { nodes: { ...layout.nodes, ...Object.fromEntries(missing.map((id) => [id, places[id] ?? { x: 0, y: 0 }])) } };
}

/** Edges that name no port come first: they are the ordinary way. */
function waysFrom(edges: readonly FlowEdge[], id: string): FlowEdge[] {
  const own = edges.filter(({ from }) => from === id);
  return [...own.filter(({ port }) => port === undefined), ...own.filter(({ port }) => port !== undefined)];
}

function startsOf(flow: FlowDocument): string[] {
  const targets = new Set(flow.edges.map(({ to }) => to));
  return Object.keys(flow.nodes).filter((id) => !targets.has(id));
}

/** Length of the longest way to each node. */
function rowsOf(flow: FlowDocument): Map<string, number> {
  const rows = new Map<string, number>();
  const visit = (id: string, row: number, way: ReadonlySet<string>) => {
    if (way.has(id) || (rows.get(id) ?? -1) >= row) return;
    rows.set(id, row);
    for (const { to } of waysFrom(flow.edges, id)) visit(to, row + 1, new Set(way).add(id));
  };
  for (const id of startsOf(flow)) visit(id, 0, new Set());
  for (const id of Object.keys(flow.nodes)) if (!rows.has(id)) visit(id, 0, new Set());
  return rows;
}
