import '@xyflow/react/dist/base.css';
import type { FlowDocument, FlowEdge } from '@millrace/flow';
import {
  applyEdgeChanges,
  applyNodeChanges,
  type Connection,
  Controls,
  type EdgeChange,
  type NodeChange,
  type OnConnectEnd,
  ReactFlow,
  useReactFlow,
} from '@xyflow/react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { loopAt } from '../editor/bodies.ts';
import type { Point } from '../editor/edits.ts';
import { boxHeight, boxWidth } from '../editor/layout.ts';
import { ordinaryPort } from '../editor/ports.ts';
import { BoxView } from './box.tsx';
import { Dots } from './dots.tsx';
import { type BodyFrame, type Drawing, draw, type Figure, frameId, type Line, type Subject } from './drawing.ts';
import classes from './flow-canvas.module.css';
import { FrameView } from './frame.tsx';
import { LineView } from './line.tsx';
import { NoteView } from './note.tsx';
import { Overview } from './overview.tsx';
import { type TakeDrop, useDrop } from './use-drop.ts';
import { type Margins, useFitting } from './use-fitting.ts';
import { useSteady } from './use-steady.ts';

/** What the canvas asks for when something is edited; without it the canvas only shows. */
export interface CanvasEdits {
  /** Boxes were moved; `into` says of those that came into or out of the body of a loop in which one they stand now. */
  readonly move: (places: Record<string, Point>, into: Readonly<Record<string, string | undefined>>) => void;
  readonly connect: (edge: FlowEdge) => void;
  readonly remove: (nodes: ReadonlySet<string>, edges: readonly FlowEdge[]) => void;
  /** An edge was drawn into empty space, at a point of the canvas and of the screen. */
  readonly continueFrom: (start: Omit<FlowEdge, 'to'>, at: Point, onScreen: Point) => void;
  readonly drop: TakeDrop;
}

interface FlowCanvasProps extends Subject {
  readonly label: string;
  readonly selected: ReadonlySet<string>;
  /** Takes a change of what is selected; several may come before the next drawing. */
  readonly select: (change: (ids: ReadonlySet<string>) => ReadonlySet<string>) => void;
  readonly edits?: CanvasEdits;
  readonly children?: ReactNode;
}

const boxTypes = { box: BoxView, note: NoteView, frame: FrameView };
const lineTypes = { line: LineView };
/** Of a larger flow only what is in view is drawn, so that it is moved as fast as a small one. */
const mostDrawn = 120;
/** Held while clicking, to select one more. */
const multiSelection = ['Control', 'Meta', 'Shift'];
/** Room for the buttons beside and, where the flow is edited, above. */
const margins = { top: 24, right: 32, bottom: 24, left: 64 };
const editingMargins = { ...margins, top: 62 };

/** A flow, drawn. Must stand inside a `ReactFlowProvider`. */
export function FlowCanvas({ label, selected, select, edits, children, ...subject }: FlowCanvasProps) {
  const { flow, layout, catalog, problems, trace, highlights, remarks } = subject;
  const drawing = useMemo(
    () => draw({ flow, layout, catalog, problems, trace, highlights, remarks }),
    [flow, layout, catalog, problems, trace, highlights, remarks],
  );
  const { boxes, lines, changeBoxes, changeLines, drag, dropped } = useInMotion(drawing, flow, {
    selected,
    select,
    edits,
  });
  const edgeFrom = useEdgeFrom(subject);
  const { screenToFlowPosition } = useReactFlow();
  const room = edits ? editingMargins : margins;
  const view = useFitting(drawing.boxes, room);
  const steady = useSteady();
  const fitWhole = { padding: pixels(room), maxZoom: 1 };
  const { over, dragOver, drop, dragLeave } = useDrop(edits?.drop);

  const connectEnd: OnConnectEnd = (event, { fromNode, fromHandle, toNode }) => {
    if (!edits || toNode || !fromNode || fromHandle?.type !== 'source') return;
    const { clientX: x, clientY: y } =
      'changedTouches' in event ? (event.changedTouches[0] ?? { clientX: 0, clientY: 0 }) : event;
    edits.continueFrom(edgeFrom(fromNode.id, fromHandle.id ?? null), screenToFlowPosition({ x, y }), { x, y });
  };

  return (
    <ReactFlow
      className={classes.canvas ?? ''}
      aria-label={label}
      nodes={boxes}
      edges={over === undefined ? lines : lines.map((line) => ({ ...line, selected: line.id === over }))}
      nodeTypes={boxTypes}
      edgeTypes={lineTypes}
      onNodesChange={changeBoxes}
      onEdgesChange={changeLines}
      onConnect={({ source, sourceHandle, target }) =>
        edits?.connect({ ...edgeFrom(source, sourceHandle), to: target })
      }
      onConnectEnd={connectEnd}
      isValidConnection={({ source, target }) => source !== target}
      onDelete={({ nodes, edges }) =>
        edits?.remove(
          new Set(nodes.map(({ id }) => id)),
          edges.flatMap(({ data }) => data?.edge ?? []),
        )
      }
      nodesDraggable={edits !== undefined}
      nodesConnectable={edits !== undefined}
      edgesFocusable={edits !== undefined}
      // The page deletes: the canvas's own key handling loses keys that were let go while another was held.
      deleteKeyCode={null}
      onNodeDragStop={dropped}
      onlyRenderVisibleElements={drawing.boxes.length > mostDrawn}
      connectionRadius={36}
      onMoveStart={(event) => {
        view.moveStart(event);
        steady.begin();
      }}
      onMoveEnd={steady.end}
      onNodeDrag={(_event, node, figures) => edits && drag(figures, node.position)}
      onDragOver={dragOver}
      onDragLeave={dragLeave}
      onDrop={drop}
      multiSelectionKeyCode={multiSelection}
      panActivationKeyCode="Space"
      minZoom={0.2}
      maxZoom={2}
    >
      <Dots />
      <Controls
        showInteractive={false}
        fitViewOptions={fitWhole}
        onFitView={view.fitAgain}
        className={classes.controls ?? ''}
      />
      <Overview />
      {children}
    </ReactFlow>
  );
}

function pixels({ top, right, bottom, left }: Margins) {
  return { top: `${top}px`, right: `${right}px`, bottom: `${bottom}px`, left: `${left}px` } as const;
}

/** The drawing with what is only of the moment: boxes under the pointer, and lines that are selected. */
function useInMotion(
  drawing: Drawing,
  flow: FlowDocument,
  { selected, select, edits }: Pick<FlowCanvasProps, 'selected' | 'select'> & { edits: CanvasEdits | undefined },
) {
  const [boxes, setBoxes] = useState<Figure[]>([...drawing.boxes]);
  const [lines, setLines] = useState<Line[]>([...drawing.lines]);
  const dragged = useRef<string>(undefined);
  useEffect(() => {
    setBoxes((current) => {
      const measured = new Map(current.map((box) => [box.id, box.measured]));
      return drawing.boxes.map((box) => {
        const known = measured.get(box.id);
        return { ...box, selected: selected.has(box.id), ...(known && { measured: known }) };
      });
    });
    setLines((current) => {
      const chosen = new Set(current.filter((line) => line.selected).map(({ id }) => id));
      return drawing.lines.map((line) => ({ ...line, selected: chosen.has(line.id) }));
    });
  }, [drawing, selected]);

  const changeBoxes = (changes: NodeChange<Figure>[]) => {
    // Removal comes back through `onDelete`, as one edit with the edges; selection is the page's.
    const picks = changes.filter((change) => change.type === 'select');
    if (picks.length > 0) select((current) => pick(current, picks));
    setBoxes((current) =>
      applyNodeChanges(
        changes.filter(({ type }) => type !== 'select' && type !== 'remove'),
        current,
      ),
    );
    const moved = changes.flatMap((change) =>
      change.type === 'position' && change.position && change.dragging !== true
        ? [[change.id, change.position] as const]
        : [],
    );
    const into = moved.flatMap(([id, at]) => {
      const loop = loopUnder(id, at);
      return loop === flow.nodes[id]?.parent ? [] : [[id, loop] as const];
    });
    if (moved.length > 0) edits?.move(Object.fromEntries(moved), Object.fromEntries(into));
  };
  const changeLines = (changes: EdgeChange<Line>[]) =>
    setLines((current) =>
      applyEdgeChanges(
        changes.filter(({ type }) => type === 'select'),
        current,
      ),
    );

  /** By the middle of a box. Several that are moved together stay where they belong, and so does what was moved by keys. */
  const loopUnder = (id: string, { x, y }: Point) =>
    dragged.current === id
      ? loopAt(drawing.frames, flow, { x: x + boxWidth / 2, y: y + boxHeight / 2 }, id)
      : flow.nodes[id]?.parent;
  const drag = (figures: readonly Figure[], at: Point) => {
    const [only] = figures.length === 1 ? figures : [];
    dragged.current = only?.id;
    const over = only && loopAt(drawing.frames, flow, { x: at.x + boxWidth / 2, y: at.y + boxHeight / 2 }, only.id);
    setBoxes((current) => current.map((figure) => (figure.type === 'frame' ? overFrame(figure, over) : figure)));
  };

  const dropped = () => {
    dragged.current = undefined;
  };
  return { boxes, lines, changeBoxes, changeLines, drag, dropped };
}

function overFrame(frame: BodyFrame, loop: string | undefined): BodyFrame {
  const over = loop !== undefined && frame.id === frameId(loop);
  return frame.data.over === over ? frame : { ...frame, data: { ...frame.data, over } };
}

function pick(selected: ReadonlySet<string>, changes: readonly { id: string; selected: boolean }[]): Set<string> {
  const next = new Set(selected);
  for (const change of changes) {
    if (change.selected) next.add(change.id);
    else next.delete(change.id);
  }
  return next;
}

/** The beginning of an edge that leaves a handle; the ordinary port goes without a name. */
function useEdgeFrom({ flow, catalog }: Subject) {
  return (source: string, handle: Connection['sourceHandle']): Omit<FlowEdge, 'to'> => {
    const ordinary = ordinaryPort(catalog.get(flow.nodes[source]?.type ?? ''));
    return handle === null || handle === ordinary ? { from: source } : { from: source, port: handle };
  };
}
