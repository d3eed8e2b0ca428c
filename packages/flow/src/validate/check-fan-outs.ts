import type { Problem } from '@millrace/contract';
import type { FlowDocument } from '../document.ts';
import { everyGraph, type FlowGraph, type FlowGraphs } from '../graph.ts';
import type { Crossing, Edge } from '../joins.ts';
import { maxSteps, nest, TooLarge } from '../nesting.ts';
import { pointer } from '../pointer.ts';

/** Fan-outs are not too wide, and nest. */
export function checkFanOuts(document: FlowDocument, graphs: FlowGraphs, maxBranches: number): readonly Problem[] {
  const wide = everyGraph(graphs).flatMap((graph) => checkWidth(graph, maxBranches));
  return wide.length > 0 ? wide : checkNesting(document, graphs);
}

function checkWidth({ nodes, owner }: FlowGraph, maxBranches: number): readonly Problem[] {
  return [...nodes.values()].flatMap(({ id, outlets }) =>
    outlets
      .filter(({ targets }) => targets.length > maxBranches)
      .map(({ name, targets }) => ({
        code: 'FAN_OUT_TOO_WIDE',
        pointer: pointer('nodes', id),
        message: `${id === owner ? 'The body' : `Port “${name}”`} of “${id}” starts ${targets.length} branches; at most ${maxBranches} can run at once.`,
        hint: 'Use a for-each over a list instead.',
      })),
  );
}

/** All bodies together may have as many steps as one flow. */
function checkNesting(document: FlowDocument, graphs: FlowGraphs): readonly Problem[] {
  const crossings: Crossing[] = [];
  let left = maxSteps;
  try {
    for (const graph of everyGraph(graphs))
      left -= nest(graph, (crossing) => crossings.push(crossing), left).steps.length;
  } catch (thrown) {
    if (!(thrown instanceof TooLarge)) throw thrown;
    return [{ code: 'FLOW_TOO_LARGE', pointer: '/nodes', message: thrown.message }];
  }
  const problems = crossings.flatMap((crossing) => crossingProblems(document, crossing));
  return [...new Map(problems.map((problem) => [`${problem.pointer} ${problem.message}`, problem])).values()];
}

/** One problem for each of the two edges, so that both can be shown. */
function crossingProblems(document: FlowDocument, { first, second }: Crossing): readonly Problem[] {
  const message = `The branches do not nest: ${named(first)} crosses ${named(second)}.`;
  const hint = 'Let branches that start together meet at one node, or give each its own copy of what they share.';
  return [first, second].map((edge) => ({
    code: 'FAN_OUT_CROSSING',
    pointer: pointerOf(document, edge),
    message,
    hint,
  }));
}

function named({ from, to }: Edge): string {
  return `“${from}” → “${to}”`;
}

function pointerOf({ edges }: FlowDocument, edge: Edge): string {
  const index = edges.findIndex(({ from, to }) => from === edge.from && to === edge.to);
  return index < 0 ? '/onError' : pointer('edges', index);
}
