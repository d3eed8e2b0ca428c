import type { FlowDocument, FlowEdge, FlowLayout } from '@millrace/flow';
import type { Point } from './edits.ts';

/** Distances of a tidy drawing in pixels, from one corner of a node to the same corner of the next. */
export const columnWidth = 320;
export const rowHeight = 116;

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
 * the other ways to its right. Cycles do no harm; an edge back to an earlier node is passed over.
 */
export function tidy(flow: FlowDocument): Record<string, Point> {
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
