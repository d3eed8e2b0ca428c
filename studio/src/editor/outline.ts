import type { FlowDocument } from '@millrace/flow';
import { bodyOf, loopsAround } from './bodies.ts';
import { tidy } from './layout.ts';

/** A line of the outline. */
export interface OutlineLine {
  readonly id: string;
  /** Loops around it that are there. */
  readonly depth: number;
}

/** All nodes as a list: what comes first stands first, and a loop's body right below the loop. */
export function outlineOf(flow: FlowDocument): OutlineLine[] {
  const places = tidy(flow);
  const inOrder = Object.keys(flow.nodes).sort((a, b) => {
    const [at, to] = [places[a], places[b]];
    return at && to ? at.y - to.y || at.x - to.x : 0;
  });
  const seen = new Set<string>();
  const linesOf = (id: string, depth: number): OutlineLine[] => {
    if (seen.has(id)) return [];
    seen.add(id);
    const body = new Set(bodyOf(flow, id));
    return [{ id, depth }, ...inOrder.filter((inner) => body.has(inner)).flatMap((inner) => linesOf(inner, depth + 1))];
  };
  const isOutside = (id: string) => !loopsAround(flow, id).some((loop) => flow.nodes[loop]);
  const lines = inOrder.filter(isOutside).flatMap((id) => linesOf(id, 0));
  return [...lines, ...inOrder.filter((id) => !seen.has(id)).map((id) => ({ id, depth: 0 }))];
}
