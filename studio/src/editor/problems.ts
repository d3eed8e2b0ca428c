import type { Problem } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';

/** What a problem is about. */
export interface Place {
  readonly node?: string;
  /** Keys below the node's `config`, where the problem is in there. */
  readonly field?: readonly string[];
}

/** Keys of a JSON Pointer (RFC 6901). */
export function keysOf(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Where in the flow a problem lies; one of an edge lies on the node that the edge leaves. */
export function placeOf(problem: Problem, flow: FlowDocument): Place {
  const [part, id, section, ...field] = keysOf(problem.pointer);
  if (part === 'nodes' && id !== undefined) return { node: id, ...(section === 'config' && { field }) };
  const edge = part === 'edges' ? flow.edges[Number(id)] : undefined;
  return edge ? { node: edge.from in flow.nodes ? edge.from : edge.to } : {};
}

export function problemsByNode(problems: readonly Problem[], flow: FlowDocument): Map<string, Problem[]> {
  const byNode = new Map<string, Problem[]>();
  for (const problem of problems) {
    const { node } = placeOf(problem, flow);
    if (node !== undefined) byNode.set(node, [...(byNode.get(node) ?? []), problem]);
  }
  return byNode;
}
