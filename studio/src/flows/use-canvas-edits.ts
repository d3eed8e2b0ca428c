import type { FlowEdge, FlowNode } from '@millrace/flow';
import { useReactFlow } from '@xyflow/react';
import { useState } from 'react';
import type { NodeDescription } from '../api/types.ts';
import { boxHeight, boxWidth, edgeId } from '../canvas/drawing.ts';
import type { CanvasEdits } from '../canvas/flow-canvas.tsx';
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
import { columnWidth, completeLayout, rowHeight } from '../editor/layout.ts';
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
  types: readonly NodeDescription[],
  selected: ReadonlySet<string>,
  select: (ids: ReadonlySet<string>) => void,
): CanvasEditing {
  const [adding, setAdding] = useState<Adding>();
  const { screenToFlowPosition, deleteElements, getEdges } = useReactFlow();
  const [only] = selected.size === 1 ? selected : [];

  const edits: CanvasEdits = {
    move: (places) => editor.edit(moveNodes(places)),
    connect: (edge) => editor.edit(connect(edge)),
    remove: (nodes, edges) => editor.edit(together(disconnect(edges), removeNodes(nodes))),
    continueFrom: (after, at, onScreen) => setAdding({ after, at: around(at), onScreen }),
    drop: (typeId, at, onEdge) => {
      const type = types.find(({ id }) => id === typeId);
      if (!type) return;
      const edge = editor.state().present.flow.edges.find((known) => edgeId(known) === onEdge);
      put(type, (id, node) => (edge && goesBetween(type) ? splice(edge, id, node) : addNode(id, node, around(at))));
    },
  };
  const startAdding = () => setAdding(placeAfter(editor, only) ?? { after: undefined, at: middle() });
  const middle = () => {
    return around(screenToFlowPosition({ x: window.innerWidth / 2, y: window.innerHeight / 2 }));
  };
  const put = (type: NodeDescription, place: (id: string, node: FlowNode) => Edit) => {
    const id = freeNodeId(editor.state().present, type.id);
    editor.edit(place(id, { type: type.id, version: type.version, config: {} }));
    setAdding(undefined);
    select(new Set([id]));
  };
  const add = (type: NodeDescription) => {
    const after = type.kind === 'trigger' ? [] : [adding?.after].filter((edge) => edge !== undefined);
    put(type, (id, node) =>
      together(addNode(id, node, adding?.at ?? middle()), ...after.map((edge) => connect({ ...edge, to: id }))),
    );
  };
  const removeSelected = () =>
    void deleteElements({
      nodes: [...selected].map((id) => ({ id })),
      edges: getEdges().filter((edge) => edge.selected),
    });
  return { edits, adding, startAdding, stopAdding: () => setAdding(undefined), add, removeSelected };
}

/** Only what is reached and left can stand on an edge. */
function goesBetween({ kind, outputs }: NodeDescription): boolean {
  return kind !== 'trigger' && Object.keys(outputs).length > 0;
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
