import type { NodeDescription, Problem } from '@millrace/contract';
import type { FlowDocument, FlowEdge, FlowLayout } from '@millrace/flow';
import type { Edge, Node } from '@xyflow/react';
import { completeLayout, type Orientation, orientationOf } from '../editor/layout.ts';
import { ordinaryPort, type Port, portsOf } from '../editor/ports.ts';

export const boxWidth = 260;
export const boxHeight = 68;

export type Catalog = ReadonlyMap<string, NodeDescription>;

/** How a node fared in a run. */
export interface Mark {
  readonly status: 'running' | 'waiting' | 'retrying' | 'done' | 'failed' | 'overdue' | 'unreached';
  /** A few words below the title, such as how long it took. */
  readonly note: string;
}

/** What is drawn over the flow when it is a run that is looked at. */
export interface Trace {
  readonly marks: ReadonlyMap<string, Mark>;
  /** {@link edgeId}s of the edges that were taken. */
  readonly taken: ReadonlySet<string>;
}

/** What is pointed out of nodes and edges: how two versions differ, or what no test takes. */
export type Emphasis = 'added' | 'changed' | 'removed' | 'untaken';

export interface Highlights {
  readonly nodes: ReadonlyMap<string, Emphasis>;
  /** By {@link edgeId}. */
  readonly edges: ReadonlyMap<string, Emphasis>;
}

export type Tone = 'trigger' | 'pure' | 'write' | 'wait' | 'fail' | 'unknown';

export type Box = Node<
  {
    readonly title: string;
    readonly subtitle: string;
    readonly icon: string;
    readonly tone: Tone;
    readonly ports: readonly (Port & { readonly connected: boolean })[];
    readonly orientation: Orientation;
    readonly problems: readonly Problem[];
    readonly mark: Mark | undefined;
    readonly emphasis: Emphasis | undefined;
  },
  'box'
>;

export type Line = Edge<
  {
    readonly edge: FlowEdge;
    readonly label: string;
    readonly failure: boolean;
    readonly trace: 'none' | 'taken' | 'idle';
    readonly emphasis: Emphasis | undefined;
  },
  'line'
>;

export interface Drawing {
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

export interface Subject {
  readonly flow: FlowDocument;
  readonly layout: FlowLayout;
  readonly catalog: Catalog;
  readonly problems?: ReadonlyMap<string, readonly Problem[]> | undefined;
  readonly trace?: Trace | undefined;
  readonly highlights?: Highlights | undefined;
}

/** Identity of an edge on the canvas: two edges of the same ends and port are the same. */
export function edgeId({ from, port, to }: FlowEdge): string {
  return `${from}:${port ?? ''}>${to}`;
}

export function titleOf(id: string, flow: FlowDocument, catalog: Catalog): string {
  const node = flow.nodes[id];
  return node?.title ?? catalog.get(node?.type ?? '')?.title ?? id;
}

/** Boxes and lines of a flow, as the canvas takes them. */
export function draw(subject: Subject): Drawing {
  const layout = completeLayout(subject.flow, subject.layout);
  const orientation = orientationOf(subject.flow, layout);
  return {
    boxes: Object.keys(subject.flow.nodes).map((id) => boxOf(id, subject, layout, orientation)),
    lines: subject.flow.edges
      .filter(({ from, to }) => subject.flow.nodes[from] && subject.flow.nodes[to])
      .map((edge) => lineOf(edge, subject)),
  };
}

function boxOf(
  id: string,
  { flow, catalog, problems, trace, highlights }: Subject,
  layout: FlowLayout,
  orientation: Orientation,
): Box {
  const node = flow.nodes[id] ?? { type: '', version: 1, config: {} };
  const description = catalog.get(node.type);
  const outgoing = flow.edges.filter(({ from }) => from === id);
  const leaving = new Set(outgoing.map(({ port }) => port ?? ordinaryPort(description)));
  const title = titleOf(id, flow, catalog);
  const mark = trace && (trace.marks.get(id) ?? { status: 'unreached' as const, note: '' });
  return {
    id,
    type: 'box',
    position: layout.nodes[id] ?? { x: 0, y: 0 },
    width: boxWidth,
    height: boxHeight,
    ariaLabel: [
      title,
      highlights?.nodes.get(id),
      mark?.status,
      problems
        ?.get(id)
        ?.map(({ message }) => message)
        .join(' '),
    ]
      .filter(Boolean)
      .join(', '),
    data: {
      title,
      subtitle: description?.title ?? node.type,
      icon: description?.icon ?? '',
      tone: toneOf(description),
      ports: portsOf(node, description, outgoing).map((port) => ({ ...port, connected: leaving.has(port.id) })),
      orientation,
      problems: problems?.get(id) ?? [],
      mark,
      emphasis: highlights?.nodes.get(id),
    },
  };
}

function lineOf(edge: FlowEdge, { flow, catalog, trace, highlights }: Subject): Line {
  const node = flow.nodes[edge.from];
  const description = node && catalog.get(node.type);
  const ordinary = ordinaryPort(description);
  const port = node && portsOf(node, description, [edge]).find(({ id }) => id === (edge.port ?? ordinary));
  const failure = port?.kind === 'failure' || port?.kind === 'error';
  return {
    id: edgeId(edge),
    type: 'line',
    source: edge.from,
    sourceHandle: edge.port ?? ordinary,
    target: edge.to,
    ariaLabel: `${titleOf(edge.from, flow, catalog)} → ${titleOf(edge.to, flow, catalog)}${edge.port ? ` (${edge.port})` : ''}`,
    data: {
      edge,
      label: edge.port === undefined || edge.port === ordinary ? '' : edge.port,
      failure,
      trace: trace ? (trace.taken.has(edgeId(edge)) ? 'taken' : 'idle') : 'none',
      emphasis: highlights?.edges.get(edgeId(edge)),
    },
  };
}

function toneOf(description: NodeDescription | undefined): Tone {
  if (!description) return 'unknown';
  if (description.kind === 'trigger') return 'trigger';
  if (description.id.includes('wait')) return 'wait';
  if (Object.keys(description.outputs).length === 0) return 'fail';
  return description.effect === 'pure' || description.effect === 'read' ? 'pure' : 'write';
}
