import type { FlowEdge, FlowNode } from '@millrace/flow';
import { addNode, connect, disconnect, type Edit, moveNodes, type Point, together } from './edits.ts';
import { columnWidth, completeLayout, orientationOf, rowHeight } from './layout.ts';

/** Puts a new node between the two ends of an edge, where its end stood; that and everything behind it makes room. */
export const splice =
  (edge: FlowEdge, id: string, node: FlowNode): Edit =>
  (bundle) => {
    const layout = completeLayout(bundle.flow, bundle.layout);
    const place = layout.nodes[edge.to] ?? { x: 0, y: 0 };
    const axis = orientationOf(bundle.flow, layout) === 'down' ? 'y' : 'x';
    const step = axis === 'y' ? rowHeight : columnWidth;
    const behind = Object.entries(layout.nodes).filter(([, point]) => point[axis] >= place[axis]);
    const moved = behind.map(([other, point]): [string, Point] => [other, { ...point, [axis]: point[axis] + step }]);
    return together(
      moveNodes(Object.fromEntries(moved)),
      addNode(id, node, place),
      disconnect([edge]),
      connect({ ...edge, to: id }),
      connect({ from: id, to: edge.to }),
    )(bundle);
  };
