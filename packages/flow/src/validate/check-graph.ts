import type { CatalogueDescription, JsonObject, Problem } from '@millrace/contract';
import type { FlowDocument, FlowEdge } from '../document.ts';
import { everyOutlet, type FlowGraph, followers, graphOf, unknownType } from '../graph.ts';
import { own } from '../own.ts';
import { pointer } from '../pointer.ts';
import { firstPort, portsOf } from '../ports.ts';
import { checkFanOuts } from './check-fan-outs.ts';
import { cyclesIn } from './cycles.ts';

/** Checks how the nodes hang together; everything that a flow must satisfy to be compiled. */
export function checkGraph(document: FlowDocument, catalogue: CatalogueDescription): readonly Problem[] {
  const graph = graphOf(document, catalogue);
  const cycles = cyclesIn(graph).map((cycle) => cycleProblem(document, cycle));
  return [
    ...checkEdges(document, graph),
    ...checkOnError(document, graph),
    ...cycles,
    ...checkReach(graph),
    ...(cycles.length > 0 ? [] : checkFanOuts(document, graph)),
  ];
}

function checkEdges(document: FlowDocument, graph: FlowGraph): readonly Problem[] {
  const seen = new Map<string, number>();
  return document.edges.flatMap((edge, index) => {
    const at = pointer('edges', index);
    const source = graph.nodes.get(edge.from);
    const name = `${edge.from} ${edge.port ?? (source ? firstPort(source.type) : '')} ${edge.to}`;
    const earlier = seen.get(name);
    if (earlier === undefined) seen.set(name, index);
    const twin = { code: 'EDGE_DUPLICATE', pointer: at, message: `This edge is the same as edge ${earlier}.` };
    return [...checkEnds(document, graph, edge, at), ...(earlier === undefined ? [] : [twin])];
  });
}

function checkEnds(document: FlowDocument, graph: FlowGraph, edge: FlowEdge, at: string): readonly Problem[] {
  const source = graph.nodes.get(edge.from);
  const unknown = (['from', 'to'] as const).filter((end) => !own(document.nodes, edge[end]));
  const problems: Problem[] = unknown.map((end) => ({
    code: 'EDGE_END_UNKNOWN',
    pointer: `${at}/${end}`,
    message: `There is no node “${edge[end]}”.`,
  }));
  const ports =
    source && source.type !== unknownType ? portsOf(source.type, source.node.config as JsonObject) : undefined;
  if (ports && edge.port !== undefined && !ports.some(({ name }) => name === edge.port)) {
    const hint = `Its ports are ${ports.map(({ name }) => `“${name}”`).join(', ')}.`;
    problems.push({
      code: 'PORT_UNKNOWN',
      pointer: `${at}/port`,
      message: `“${edge.from}” has no port “${edge.port}”.`,
      hint,
    });
  }
  if (graph.nodes.get(edge.to)?.type.kind === 'trigger') {
    problems.push({
      code: 'EDGE_INTO_TRIGGER',
      pointer: `${at}/to`,
      message: `“${edge.to}” is a trigger; nothing can lead to it.`,
    });
  }
  return problems;
}

function checkOnError({ onError, nodes }: FlowDocument, graph: FlowGraph): readonly Problem[] {
  if (onError === undefined) return [];
  const problem = (code: string, message: string): readonly Problem[] => [{ code, pointer: '/onError', message }];
  if (!own(nodes, onError)) return problem('ON_ERROR_UNKNOWN', `There is no node “${onError}”.`);
  if (graph.nodes.get(onError)?.type.kind !== 'trigger') return [];
  return problem('ON_ERROR_TRIGGER', `“${onError}” is a trigger and cannot take errors.`);
}

function cycleProblem(document: FlowDocument, cycle: readonly string[]): Problem {
  const index = document.edges.findIndex(({ from, to }) => from === cycle.at(-1) && to === cycle[0]);
  const path = [...cycle, cycle[0]].map((id) => `“${id}”`).join(' → ');
  return { code: 'FLOW_CYCLE', pointer: pointer('edges', index), message: `The flow runs in a circle: ${path}.` };
}

function checkReach(graph: FlowGraph): readonly Problem[] {
  const starts = [...graph.triggers, ...possibleTriggers(graph)];
  if (starts.length === 0) {
    return [{ code: 'TRIGGER_MISSING', pointer: '/nodes', message: 'The flow has no trigger, so nothing starts it.' }];
  }
  const reached = new Set(starts);
  for (const id of reached) for (const next of followers(graph, id, everyOutlet)) reached.add(next);
  const lost = [...graph.nodes.keys()].filter((id) => !reached.has(id));
  return lost.map((id) => ({
    code: 'NODE_UNREACHABLE',
    pointer: pointer('nodes', id),
    message: `No way leads from a trigger to “${id}”.`,
  }));
}

/** Nodes of unknown type that nothing leads to: whatever they are, what hangs on them is no second mistake. */
function possibleTriggers({ nodes }: FlowGraph): readonly string[] {
  const targets = new Set([...nodes.values()].flatMap(({ outlets }) => outlets.flatMap((outlet) => outlet.targets)));
  return [...nodes.values()].filter(({ id, type }) => type === unknownType && !targets.has(id)).map(({ id }) => id);
}
