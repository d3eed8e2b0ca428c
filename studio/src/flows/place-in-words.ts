import type { FlowDocument, Problem } from '../api/types.ts';
import { type Catalog, titleOf } from '../canvas/drawing.ts';
import { placeOf } from '../editor/problems.ts';

/** Where a problem lies: `Deliver to the ERP › fileName`; nothing where it is about the flow as a whole. */
export function placeInWords(problem: Problem, flow: FlowDocument, catalog: Catalog): string {
  const { node, field } = placeOf(problem, flow);
  return [node && titleOf(node, flow, catalog), field?.join('.')].filter(Boolean).join(' › ');
}
