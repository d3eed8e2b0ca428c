import { isObject, type Problem } from '@millrace/contract';
import type { FlowBounds } from '../bounds.ts';

/** A document that is too large gets no further look. */
export function checkSize(document: unknown, bounds: FlowBounds): Problem | undefined {
  const { nodes, edges }: Record<string, unknown> = isObject(document) ? document : {};
  if (isObject(nodes) && Object.keys(nodes).length > bounds.nodes) return tooLarge('/nodes', bounds.nodes, 'nodes');
  if (Array.isArray(edges) && edges.length > bounds.edges) return tooLarge('/edges', bounds.edges, 'edges');
  return undefined;
}

function tooLarge(pointer: string, limit: number, what: string): Problem {
  const hint = 'Take part of it into a flow of its own.';
  return { code: 'FLOW_TOO_LARGE', pointer, message: `A flow may have at most ${limit} ${what}.`, hint };
}
