import type { FlowDocument, FlowLayout } from '@millrace/flow';
import type { Edit, Point } from './edits.ts';
import { boxHeight, boxWidth, columnWidth } from './layout.ts';

/** The area of a loop's body on the canvas. */
export interface Frame {
  readonly loop: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Loops around the loop. */
  readonly depth: number;
}

/** Pixels around the boxes of a body, and above them for its title. */
const framePadding = 28;
const frameTitle = 40;

/** Ids of the nodes that stand in a loop's body itself, not in the body of a loop in it. */
export function bodyOf({ nodes }: FlowDocument, loop: string): string[] {
  return Object.keys(nodes).filter((id) => nodes[id]?.parent === loop);
}

/** Everything in a loop's body, loops in it with their bodies too. */
export function wholeBodyOf(flow: FlowDocument, loop: string): string[] {
  return bodyOf(flow, loop).flatMap((id) => [id, ...wholeBodyOf(flow, id)]);
}

/** Loops around a node, the innermost first; a circle, which no valid flow has, ends where it closes. */
export function loopsAround({ nodes }: FlowDocument, id: string): string[] {
  const around: string[] = [];
  for (let parent = nodes[id]?.parent; parent !== undefined && !around.includes(parent); parent = nodes[parent]?.parent)
    around.push(parent);
  return around;
}

/**
 * The areas of all bodies, outer ones first: around their boxes, or beside the loop where there are none yet.
 * @param hasBody whether a node's type has one
 * @param layout with a place for each node
 */
export function framesOf(flow: FlowDocument, layout: FlowLayout, hasBody: (node: string) => boolean): Frame[] {
  const loops = Object.keys(flow.nodes).filter((id) => hasBody(id) && !loopsAround(flow, id).includes(id));
  return loops.map((loop) => frameOf(flow, layout, loop, hasBody)).sort((a, b) => a.depth - b.depth);
}

function frameOf(flow: FlowDocument, layout: FlowLayout, loop: string, hasBody: (node: string) => boolean): Frame {
  const depth = loopsAround(flow, loop).length;
  const areas = bodyOf(flow, loop).flatMap((id) => [
    { ...placeOf(layout, id), width: boxWidth, height: boxHeight },
    ...(hasBody(id) ? [frameOf(flow, layout, id, hasBody)] : []),
  ]);
  if (areas.length === 0) {
    const { x, y } = placeOf(layout, loop);
    return { loop, depth, x: x + columnWidth, y, width: boxWidth + 2 * framePadding, height: 2 * boxHeight };
  }
  const x = Math.min(...areas.map((area) => area.x)) - framePadding;
  const y = Math.min(...areas.map((area) => area.y)) - frameTitle;
  const right = Math.max(...areas.map((area) => area.x + area.width)) + framePadding;
  const bottom = Math.max(...areas.map((area) => area.y + area.height)) + framePadding;
  return { loop, depth, x, y, width: right - x, height: bottom - y };
}

function placeOf({ nodes }: FlowLayout, id: string): Point {
  return nodes[id] ?? { x: 0, y: 0 };
}

/** The innermost body at a point. @param except a node that cannot stand in a body of its own */
export function loopAt(frames: readonly Frame[], flow: FlowDocument, at: Point, except?: string): string | undefined {
  const around = frames.filter(
    ({ loop, x, y, width, height }) =>
      loop !== except &&
      (except === undefined || !loopsAround(flow, loop).includes(except)) &&
      at.x >= x &&
      at.x <= x + width &&
      at.y >= y &&
      at.y <= y + height,
  );
  return around.at(-1)?.loop;
}

/** Puts a node into the body of a loop, or out of all bodies. */
export const putInto =
  (id: string, loop: string | undefined): Edit =>
  (bundle) => {
    const node = bundle.flow.nodes[id];
    if (!node || node.parent === loop || loop === id) return bundle;
    const { parent, ...rest } = node;
    const put = loop === undefined ? rest : { ...rest, parent: loop };
    return { ...bundle, flow: { ...bundle.flow, nodes: { ...bundle.flow.nodes, [id]: put } } };
  };
