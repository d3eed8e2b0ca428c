import { useReactFlow } from '@xyflow/react';
import { type DragEvent, useState } from 'react';
import type { Point } from '../editor/edits.ts';

const kind = 'application/x-millrace-node-type';

/** Puts a node type into a drag, for a canvas to take. */
export function dragType(event: DragEvent, type: string): void {
  event.dataTransfer.setData(kind, type);
  event.dataTransfer.effectAllowed = 'copy';
}

/** A node type that was dropped: at a point of the canvas, perhaps on an edge. */
export type TakeDrop = (type: string, at: Point, onEdge: string | undefined) => void;

/** Lets node types be dropped on the canvas; `over` is the edge that one is held over. */
export function useDrop(take: TakeDrop | undefined) {
  const { screenToFlowPosition } = useReactFlow();
  const [over, setOver] = useState<string>();
  const isOurs = (event: DragEvent) => take !== undefined && event.dataTransfer.types.includes(kind);
  const dragOver = (event: DragEvent) => {
    if (!isOurs(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    setOver(edgeAt(event));
  };
  const drop = (event: DragEvent) => {
    if (!isOurs(event)) return;
    event.preventDefault();
    setOver(undefined);
    const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    take?.(event.dataTransfer.getData(kind), at, edgeAt(event));
  };
  return { over, dragOver, drop, dragLeave: () => setOver(undefined) };
}

function edgeAt({ clientX, clientY }: DragEvent): string | undefined {
  const edges = document.elementsFromPoint(clientX, clientY).map((element) => element.closest('.react-flow__edge'));
  return edges.find((edge) => edge !== null)?.getAttribute('data-id') ?? undefined;
}
