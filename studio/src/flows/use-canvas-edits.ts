import type { FlowEdge, FlowNode } from '@millrace/flow';
import { useReactFlow } from '@xyflow/react';
import { useState } from 'react';
import type { NodeDescription } from '../api/types.ts';
import { type Catalog, edgeId, hasBodyIn } from '../canvas/drawing.ts';
import type { CanvasEdits } from '../canvas/flow-canvas.tsx';
import { framesOf, loopAt, putInto, wholeBodyOf } from '../editor/bodies.ts';
import type { Editor } from '../editor/editor.ts';
import {
  addNode,
  connect,
  disconnect,
  type Edit,
  freeNodeId,
  moveNodes,
  type Point,
  removeNodes,
  together,
} from '../editor/edits.ts';
import { boxHeight, boxWidth, columnWidth, completeLayout, rowHeight } from '../editor/layout.ts';
import { splice } from '../editor/splice.ts';

/** Where the next node goes: after a port, at a place. */
export interface Adding {
  readonly after: Omit<FlowEdge, 'to'> | undefined;
  readonly at: Point;
  /** Where on the screen the palette opens; at its button where nothing is said. */
  readonly onScreen?: Point;
}

export interface CanvasEditing {
  readonly edits: CanvasEdits;
  readonly adding: Adding | undefined;
  readonly startAdding: () => void;
  readonly stopAdding: () => void;
  readonly add: (type: NodeDescription) => void;
  /** Deletes what is selected, nodes and edges. */
  readonly removeSelected: () => void;
}

/** Edits that begin on the canvas, done to the editor's flow. */
export function useCanvasEdits(
  editor: Editor,
  catalog: Catalog,
  selected: ReadonlySet<string>,
  select: (ids: ReadonlySet<string>) => void,
): CanvasEditing {
  const [adding, setAdding] = useState<Adding>();
  const { screenToFlowPosition, deleteElements, getEdges } = useReactFlow();
  const [only] = selected.size === 1 ? selected : [];

  const edits: CanvasEdits = {
    move: (places, into) =>
      editor.edit(
        together(moveNodes(withBodies(editor, places)), ...Object.entries(into).map(([id, loop]) => putInto(id, loop))),
      ),
    connect: (edge) => editor.edit(connect(edge)),
    remove: (nodes, edges) => editor.edit(together(disconnect(edges), removeNodes(nodes))),
    continueFrom: (after, at, onScreen) => setAdding({ after, at: around(at), onScreen }),
    drop: (typeId, at, onEdge) => {
      const type = catalog.get(typeId);
      if (!type) return;
      const { flow } = editor.state().present;
      const edge = flow.edges.find((known) => edgeId(known) === onEdge);
      const isBetween = edge !== undefined && goesBetween(type);
      const loop = isBetween ? flow.nodes[edge.to]?.parent : bodyAt(editor, catalog, at);
      put(type, loop, (id, node) => (isBetween ? splice(edge, id, node) : addNode(id, node, around(at))));
    },
  };
  const startAdding = () => setAdding(placeAfter(editor, only) ?? { after: undefined, at: middle() });
  const middle = () => {
    return around(screenToFlowPosition({ x: window.innerWidth / 2, y: window.innerHeight / 2 }));
  };
  const put = (type: NodeDescription, loop: string | undefined, place: (id: string, node: FlowNode) => Edit) => {
    const id = freeNodeId(editor.state().present, type.id);
    const parent = type.kind === 'trigger' ? undefined : loop;
    editor.edit(
      place(id, { type: type.id, version: type.version, config: {}, ...(parent !== undefined && { parent }) }),
    );
    setAdding(undefined);
    select(new Set([id]));
  };
  const add = (type: NodeDescription) => {
    const goesAfter = type.kind !== 'trigger' && type.annotation !== true;
    const after = goesAfter ? [adding?.after].filter((edge) => edge !== undefined) : [];
    const at = adding?.at ?? placeAfter(editor, only)?.at ?? middle();
    const [before] = after;
    const { nodes } = editor.state().present.flow;
    const loop = before ? nodes[before.from]?.parent : bodyAt(editor, catalog, middleOf(at));
    put(type, loop, (id, node) =>
      together(addNode(id, node, at), ...after.map((edge) => connect({ ...edge, to: id }))),
    );
  };
  const removeSelected = () =>
    void deleteElements({
      nodes: [...selected].map((id) => ({ id })),
      edges: getEdges().filter((edge) => edge.selected),
    });
  return { edits, adding, startAdding, stopAdding: () => setAdding(undefined), add, removeSelected };
}

/** Places with those of everything in the bodies of loops that are moved. */
function withBodies(editor: Editor, places: Readonly<Record<string, Point>>): Record<string, Point> {
  const { flow, layout } = editor.state().present;
  const before = completeLayout(flow, layout).nodes;
  const along = Object.entries(places).flatMap(([loop, to]) => {
    const from = before[loop];
    if (!from) return [];
    const moved = wholeBodyOf(flow, loop).flatMap((id) => {
      const place = before[id];
      return place ? [[id, { x: place.x + to.x - from.x, y: place.y + to.y - from.y }] as const] : [];
    });
    return moved;
  });
  return { ...Object.fromEntries(along), ...places };
}

/** The loop in whose body a point lies. */
function bodyAt(editor: Editor, catalog: Catalog, at: Point): string | undefined {
  const { flow, layout } = editor.state().present;
  return loopAt(framesOf(flow, completeLayout(flow, layout), hasBodyIn(flow, catalog)), flow, at);
}

/** Only what is reached and left can stand on an edge. */
function goesBetween({ kind, outputs }: NodeDescription): boolean {
  return kind !== 'trigger' && Object.keys(outputs).length > 0;
}

/** The centre of a box. */
function middleOf({ x, y }: Point): Point {
  return { x: x + boxWidth / 2, y: y + boxHeight / 2 };
}

/** Where a box stands that has its centre at a point. */
function around({ x, y }: Point): Point {
  return { x: x - boxWidth / 2, y: y - boxHeight / 2 };
}

/** Below the selected node, on its ordinary way where nothing follows there yet; beside it otherwise. */
function placeAfter(editor: Editor, selected: string | undefined): Adding | undefined {
  const { flow, layout } = editor.state().present;
  const places = completeLayout(flow, layout).nodes;
  const from = selected === undefined ? undefined : places[selected];
  if (selected === undefined || !from) return undefined;
  const follows = flow.edges.some((edge) => edge.from === selected && edge.port === undefined);
  let at = follows ? { x: from.x + columnWidth, y: from.y } : { x: from.x, y: from.y + rowHeight };
  const taken = (point: Point) =>
    Object.values(places).some(({ x, y }) => Math.abs(x - point.x) < boxWidth && Math.abs(y - point.y) < boxHeight);
  while (taken(at)) at = { x: at.x + columnWidth, y: at.y };
  return { after: follows ? undefined : { from: selected }, at };
}
