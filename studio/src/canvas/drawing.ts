import type { NodeDescription, Problem } from '@millrace/contract';
import type { FlowDocument, FlowEdge, FlowLayout } from '@millrace/flow';
import type { Edge, Node } from '@xyflow/react';
import { type Frame, framesOf } from '../editor/bodies.ts';
import { boxHeight, boxWidth, completeLayout, type Orientation, orientationOf } from '../editor/layout.ts';
import { ordinaryPort, type Port, portsOf } from '../editor/ports.ts';

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
    readonly remark: string | undefined;
  },
  'box'
>;

/** A remark; it has no ports. */
export type Note = Node<
  {
    /** Empty where the node has no title of its own. */
    readonly title: string;
    readonly text: string;
    readonly problems: readonly Problem[];
    readonly mark?: undefined;
  },
  'note'
>;

/** The area of a loop's body, behind its boxes. */
export type BodyFrame = Node<
  {
    readonly title: string;
    readonly empty: boolean;
    /** Something is held over it that would stand in it. */
    readonly over: boolean;
    readonly problems: readonly Problem[];
    readonly mark?: undefined;
  },
  'frame'
>;

/** What stands on the canvas. */
export type Figure = Box | Note | BodyFrame;

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
  readonly boxes: readonly Figure[];
  readonly frames: readonly Frame[];
  readonly lines: readonly Line[];
}

export interface Subject {
  readonly flow: FlowDocument;
  readonly layout: FlowLayout;
  readonly catalog: Catalog;
  readonly problems?: ReadonlyMap<string, readonly Problem[]> | undefined;
  readonly trace?: Trace | undefined;
  readonly highlights?: Highlights | undefined;
  /** What is to be said of the data that a node shows: that it is old, or pinned. */
  readonly remarks?: ReadonlyMap<string, string> | undefined;
}

/** Identity of an edge on the canvas: two edges of the same ends and port are the same. */
export function edgeId({ from, port, to }: FlowEdge): string {
  return `${from}:${port ?? ''}>${to}`;
}

export function titleOf(id: string, flow: FlowDocument, catalog: Catalog): string {
  const node = flow.nodes[id];
  return node?.title ?? catalog.get(node?.type ?? '')?.title ?? id;
}

/** Whether a node has a body, by its type. */
export const hasBodyIn =
  (flow: FlowDocument, catalog: Catalog) =>
  (id: string): boolean =>
    catalog.get(flow.nodes[id]?.type ?? '')?.body === true;

/** Figures and lines of a flow, as the canvas takes them. */
export function draw(subject: Subject): Drawing {
  const { flow, catalog } = subject;
  const layout = completeLayout(flow, subject.layout);
  const orientation = orientationOf(flow, layout);
  const frames = framesOf(flow, layout, hasBodyIn(flow, catalog));
  const isNote = (id: string) => catalog.get(flow.nodes[id]?.type ?? '')?.annotation === true;
  return {
    frames,
    boxes: [
      ...frames.map((frame) => bodyFrameOf(frame, subject)),
      ...Object.keys(flow.nodes).map((id) =>
        isNote(id) ? noteOf(id, subject, layout) : boxOf(id, subject, layout, orientation),
      ),
    ],
    lines: subject.flow.edges
      .filter(({ from, to }) => subject.flow.nodes[from] && subject.flow.nodes[to])
      .map((edge) => lineOf(edge, subject)),
  };
}

/** Ids of frames are told apart from those of nodes by a sign that no id of a node has. */
export function frameId(loop: string): string {
  return `${loop}/body`;
}

function bodyFrameOf({ loop, x, y, width, height }: Frame, { flow, catalog }: Subject): BodyFrame {
  return {
    id: frameId(loop),
    type: 'frame',
    position: { x, y },
    width,
    height,
    zIndex: -1,
    draggable: false,
    selectable: false,
    focusable: false,
    connectable: false,
    style: { pointerEvents: 'none' },
    data: {
      title: titleOf(loop, flow, catalog),
      empty: !Object.values(flow.nodes).some(({ parent }) => parent === loop),
      over: false,
      problems: [],
    },
  };
}

function noteOf(id: string, { flow, problems }: Subject, layout: FlowLayout): Note {
  const { title = '', config = {} } = flow.nodes[id] ?? {};
  const text = typeof config.text === 'string' ? config.text : '';
  return {
    id,
    type: 'note',
    position: layout.nodes[id] ?? { x: 0, y: 0 },
    width: boxWidth,
    ariaLabel: [title, text].filter(Boolean).join(', ') || id,
    data: { title, text, problems: problems?.get(id) ?? [] },
  };
}

function boxOf(
  id: string,
  { flow, catalog, problems, trace, highlights, remarks }: Subject,
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
      remarks?.get(id),
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
      remark: remarks?.get(id),
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
