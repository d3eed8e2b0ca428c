import type { FlowEdge } from '@millrace/flow';
import { useReactFlow } from '@xyflow/react';
import { useState } from 'react';
import type { NodeDescription } from '../api/types.ts';
import { boxHeight, boxWidth } from '../canvas/drawing.ts';
import type { CanvasEdits } from '../canvas/flow-canvas.tsx';
import type { Editor } from '../editor/editor.ts';
import {
  addNode,
  connect,
  disconnect,
  freeNodeId,
  moveNodes,
  type Point,
  removeNodes,
  together,
} from '../editor/edits.ts';
import { columnWidth, completeLayout, rowHeight } from '../editor/layout.ts';

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
}

/** Edits that begin on the canvas, done to the editor's flow. */
export function useCanvasEdits(
  editor: Editor,
  selected: string | undefined,
  select: (ids: ReadonlySet<string>) => void,
): CanvasEditing {
  const [adding, setAdding] = useState<Adding>();
  const { screenToFlowPosition } = useReactFlow();

  const edits: CanvasEdits = {
    move: (places) => editor.edit(moveNodes(places)),
    connect: (edge) => editor.edit(connect(edge)),
    remove: (nodes, edges) => editor.edit(together(disconnect(edges), removeNodes(nodes))),
    continueFrom: (after, at, onScreen) =>
      setAdding({ after, at: { x: at.x - boxWidth / 2, y: at.y - boxHeight / 2 }, onScreen }),
  };
  const startAdding = () => setAdding(placeAfter(editor, selected) ?? { after: undefined, at: middle() });
  const middle = () => {
    const centre = screenToFlowPosition({ x: window.innerWidth / 2, y: window.innerHeight / 2 });
    return { x: centre.x - boxWidth / 2, y: centre.y - boxHeight / 2 };
  };
  const add = (type: NodeDescription) => {
    const bundle = editor.state().present;
    const id = freeNodeId(bundle, type.id);
    const node = { type: type.id, version: type.version, config: {} };
    const edge = adding?.after && type.kind !== 'trigger' ? [connect({ ...adding.after, to: id })] : [];
    editor.edit(together(addNode(id, node, adding?.at ?? middle()), ...edge));
    setAdding(undefined);
    select(new Set([id]));
  };
  return { edits, adding, startAdding, stopAdding: () => setAdding(undefined), add };
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
