import { everyOutlet, type FlowGraph, followers } from '../graph.ts';

/** Circles in the graph, none sharing a node with another; each as its nodes in the order of the edges. */
export function cyclesIn(graph: FlowGraph): readonly (readonly string[])[] {
  const left = new Set([...graph.nodes.keys()].filter((id) => !graph.order.has(id)));
  const cycles: string[][] = [];
  for (const id of left) {
    const cycle = walk(graph, left, id);
    if (cycle) cycles.push(cycle);
  }
  return cycles;
}

/** Walks on, forgetting dead ends, until it comes to a node that it has passed. Removes what it can decide from `left`. */
function walk(graph: FlowGraph, left: Set<string>, start: string): string[] | undefined {
  const path = [start];
  for (let id = path.at(-1); id !== undefined; id = path.at(-1)) {
    const next = followers(graph, id, everyOutlet).find((each) => left.has(each));
    if (next === undefined) {
      left.delete(id);
      path.pop();
    } else if (path.includes(next)) {
      const cycle = path.slice(path.indexOf(next));
      for (const each of cycle) left.delete(each);
      return cycle;
    } else path.push(next);
  }
  return undefined;
}
