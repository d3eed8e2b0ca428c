import { isObject, type Json, type Problem, readJson, writeJson } from '@millrace/contract';
import {
  type FlowBundle,
  FlowDocument,
  type FlowEdge,
  FlowLayout,
  type FlowNode,
  schemaProblems,
} from '@millrace/flow';
import Type, { type Static } from 'typebox';
import type { Edit, Point } from './edits.ts';
import { boxHeight, boxWidth, columnWidth, completeLayout } from './layout.ts';

/** Nodes with the edges among them, the slots that they use, and where they stand: a part of a flow, as its text says it. */
const Excerpt = Type.Object({
  nodes: FlowDocument.properties.nodes,
  edges: FlowDocument.properties.edges,
  connections: FlowDocument.properties.connections,
  layout: FlowLayout,
});
export type Excerpt = Static<typeof Excerpt>;

/** What is copied where nodes are copied. */
export function excerptOf(bundle: FlowBundle, ids: ReadonlySet<string>): Excerpt {
  const { nodes, edges, connections = {} } = bundle.flow;
  const layout = completeLayout(bundle.flow, bundle.layout);
  const chosen = Object.entries(nodes).filter(([id]) => ids.has(id));
  const slots = new Set(chosen.map(([, { connection }]) => connection));
  return {
    nodes: Object.fromEntries(chosen),
    edges: edges.filter(({ from, to }) => ids.has(from) && ids.has(to)),
    connections: Object.fromEntries(Object.entries(connections).filter(([slot]) => slots.has(slot))),
    layout: { nodes: Object.fromEntries(Object.entries(layout.nodes).filter(([id]) => ids.has(id))) },
  };
}

export function textOf(excerpt: Excerpt): string {
  return writeJson(excerpt as unknown as Json, 2);
}

export type ExcerptRead = { readonly excerpt: Excerpt } | { readonly problems: readonly Problem[] };

/**
 * Reads a text as a part of a flow; a whole flow or bundle is one too.
 * @returns nothing where the text is something else, which no one meant as nodes
 */
export function readExcerpt(text: string): ExcerptRead | undefined {
  const json = parsed(text);
  const flow = json !== undefined && isObject(json) ? (json.flow ?? json) : undefined;
  if (flow === undefined || !isObject(flow) || !isObject(flow.nodes ?? null)) return undefined;
  const { nodes, edges = [], connections = {} } = flow;
  const { layout = { nodes: {} } } = json as { layout?: Json };
  const excerpt = { nodes, edges, connections, layout };
  const problems = schemaProblems(Excerpt, excerpt, 'NODES_MALFORMED');
  return problems.length > 0 ? { problems } : { excerpt: excerpt as unknown as Excerpt };
}

function parsed(text: string): Json | undefined {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}

/** Nodes as they are pasted into a flow. */
export interface Pasting {
  readonly ids: ReadonlySet<string>;
  readonly edit: Edit;
}

/**
 * Puts a part of a flow into a flow. Ids that are taken there become free ones, in edges, bodies and expressions too.
 * @param at where its upper left corner stands; beside what it was copied from where nothing is said
 */
export function paste(bundle: FlowBundle, excerpt: Excerpt, at?: Point): Pasting {
  const names = freeNames(bundle, Object.keys(excerpt.nodes));
  const nodes = Object.entries(excerpt.nodes).map(
    ([id, node]) => [names.get(id) ?? id, renamed(node, names, bundle)] as const,
  );
  const edges = excerpt.edges.flatMap(({ from, to, ...edge }): FlowEdge[] => {
    const ends = { from: names.get(from), to: names.get(to) };
    return ends.from && ends.to ? [{ from: ends.from, ...edge, to: ends.to }] : [];
  });
  const places = placesFor(bundle, excerpt, at);
  const edit: Edit = (current) => ({
    ...current,
    flow: {
      ...current.flow,
      ...(Object.keys(excerpt.connections ?? {}).length > 0 && {
        connections: { ...excerpt.connections, ...current.flow.connections },
      }),
      nodes: { ...current.flow.nodes, ...Object.fromEntries(nodes) },
      edges: [...current.flow.edges, ...edges],
    },
    layout: {
      ...current.layout,
      nodes: {
        ...current.layout.nodes,
        ...Object.fromEntries([...names].map(([id, name]) => [name, places[id] ?? { x: 0, y: 0 }])),
      },
    },
  });
  return { ids: new Set(names.values()), edit };
}

/** `put` → `put`, or `put-2` where that is taken. */
function freeNames({ flow }: FlowBundle, ids: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(Object.keys(flow.nodes));
  return new Map(
    ids.map((id) => {
      let name = id;
      const stem = id.replace(/-\d+$/, '');
      for (let count = 2; taken.has(name); count++) name = `${stem}-${count}`;
      taken.add(name);
      return [id, name];
    }),
  );
}

/** The loop that a node stood in counts where it comes along or is there already. */
function renamed(node: FlowNode, names: ReadonlyMap<string, string>, { flow }: FlowBundle): FlowNode {
  const { parent, ...rest } = node;
  const body = parent === undefined ? undefined : (names.get(parent) ?? (flow.nodes[parent] ? parent : undefined));
  return {
    ...rest,
    config: withNames(node.config as Json, names) as FlowNode['config'],
    ...(body !== undefined && { parent: body }),
  };
}

function withNames(value: Json, names: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string')
    return value.replace(
      stepName,
      (text, plain?: string, quoted?: string) => stepText(names.get(plain ?? quoted ?? '')) ?? text,
    );
  if (Array.isArray(value)) return value.map((item) => withNames(item, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withNames(inner, names)]));
}

/** A step as expressions name it: `$steps.check`, or in backticks where the id is no plain word. */
const stepName = /\$steps\.(?:([A-Za-z]\w*)|`([^`]+)`)/g;

function stepText(id: string | undefined): string | undefined {
  return id === undefined ? undefined : `$steps.${/^\w+$/.test(id) ? id : `\`${id}\``}`;
}

function placesFor(
  bundle: FlowBundle,
  { nodes, edges, layout }: Excerpt,
  at: Point | undefined,
): Record<string, Point> {
  const places = completeLayout({ format: 1, id: 'excerpt', name: 'excerpt', nodes, edges }, layout).nodes;
  const points = Object.values(places);
  const taken = Object.values(completeLayout(bundle.flow, bundle.layout).nodes);
  const corner = { x: Math.min(...points.map(({ x }) => x)), y: Math.min(...points.map(({ y }) => y)) };
  const y = at ? at.y - corner.y : 0;
  let x = at ? at.x - corner.x : 0;
  const isOn = (point: Point) =>
    taken.some((other) => Math.abs(other.x - point.x - x) < boxWidth && Math.abs(other.y - point.y - y) < boxHeight);
  while (points.some(isOn)) x += columnWidth;
  return Object.fromEntries(Object.entries(places).map(([id, point]) => [id, { x: point.x + x, y: point.y + y }]));
}

/** Width and height of a part of a flow on the canvas. */
export function sizeOf({ layout }: Excerpt): { width: number; height: number } {
  const points = Object.values(layout.nodes);
  const reach = (values: number[]) => (values.length === 0 ? 0 : Math.max(...values) - Math.min(...values));
  return { width: reach(points.map(({ x }) => x)) + boxWidth, height: reach(points.map(({ y }) => y)) + boxHeight };
}
