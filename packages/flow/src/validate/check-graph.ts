import type { CatalogueDescription, JsonObject, Problem } from '@millrace/contract';
import { type FlowBounds, flowBounds } from '../bounds.ts';
import type { FlowDocument, FlowEdge } from '../document.ts';
import { everyGraph, everyOutlet, type FlowGraph, type FlowGraphs, followers } from '../graph.ts';
import { unknownType } from '../node-types.ts';
import { own } from '../own.ts';
import { pointer } from '../pointer.ts';
import { firstPort, portsOf } from '../ports.ts';
import { graphsOf } from '../resolve-graph.ts';
import { checkBodies } from './check-bodies.ts';
import { checkFanOuts } from './check-fan-outs.ts';
import { cyclesIn } from './cycles.ts';

/** Checks how the nodes hang together; everything that a flow must satisfy to be compiled. */
export function checkGraph(
  document: FlowDocument,
  catalogue: CatalogueDescription,
  bounds: FlowBounds = flowBounds,
): readonly Problem[] {
  const graphs = graphsOf(document, catalogue);
  const bodies = checkBodies(document, graphs, bounds.bodyDepth);
  const cycles = everyGraph(graphs).flatMap((graph) => cyclesIn(graph).map((cycle) => cycleProblem(document, cycle)));
  const isSound = bodies.length + cycles.length === 0;
  return [
    ...checkEdges(document, graphs),
    ...checkOnError(document, graphs),
    ...bodies,
    ...cycles,
    ...everyGraph(graphs).flatMap(checkReach),
    ...(isSound ? checkFanOuts(document, graphs, bounds.branches) : []),
  ];
}

function checkEdges(document: FlowDocument, graph: FlowGraphs): readonly Problem[] {
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

function checkEnds(document: FlowDocument, graph: FlowGraphs, edge: FlowEdge, at: string): readonly Problem[] {
  const source = graph.nodes.get(edge.from);
  const unknown = (['from', 'to'] as const).filter((end) => !own(document.nodes, edge[end]));
  const problems: Problem[] = unknown.map((end) => ({
    code: 'EDGE_END_UNKNOWN',
    pointer: `${at}/${end}`,
    message: `There is no node “${edge[end]}”.`,
  }));
  const notes = (['from', 'to'] as const).filter(
    (end) => own(document.nodes, edge[end]) && !graph.nodes.has(edge[end]),
  );
  problems.push(...notes.map((end) => noteProblem(edge[end], `${at}/${end}`)));
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
  if (unknown.length === 0 && own(document.nodes, edge.from)?.parent !== own(document.nodes, edge.to)?.parent) {
    problems.push(crossing(edge, at));
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

function noteProblem(id: string, at: string): Problem {
  return {
    code: 'EDGE_AT_NOTE',
    pointer: at,
    message: `“${id}” is a note, which is only read; no edge begins or ends there.`,
  };
}

function crossing({ from, to }: FlowEdge, at: string): Problem {
  return {
    code: 'EDGE_CROSSES_BODY',
    pointer: at,
    message: `“${from}” and “${to}” do not stand in the same body, so no edge can lead from one to the other.`,
    hint: 'A body begins with those of its nodes that no edge leads to, and what its last node puts out is the result of the pass.',
  };
}

function checkOnError({ onError, nodes }: FlowDocument, graph: FlowGraphs): readonly Problem[] {
  if (onError === undefined) return [];
  const problem = (code: string, message: string): readonly Problem[] => [{ code, pointer: '/onError', message }];
  if (!own(nodes, onError)) return problem('ON_ERROR_UNKNOWN', `There is no node “${onError}”.`);
  if (own(nodes, onError)?.parent !== undefined) {
    return problem('ON_ERROR_IN_BODY', `“${onError}” stands in a body and cannot take the errors of the whole flow.`);
  }
  if (graph.nodes.get(onError)?.type.kind !== 'trigger') return [];
  return problem('ON_ERROR_TRIGGER', `“${onError}” is a trigger and cannot take errors.`);
}

function cycleProblem(document: FlowDocument, cycle: readonly string[]): Problem {
  const index = document.edges.findIndex(({ from, to }) => from === cycle.at(-1) && to === cycle[0]);
  const path = [...cycle, cycle[0]].map((id) => `“${id}”`).join(' → ');
  return { code: 'FLOW_CYCLE', pointer: pointer('edges', index), message: `The flow runs in a circle: ${path}.` };
}

function checkReach(graph: FlowGraph): readonly Problem[] {
  const { owner } = graph;
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
    message: `No way leads from ${owner === undefined ? 'a trigger' : `the start of the body of “${owner}”`} to “${id}”.`,
  }));
}

/** Nodes of unknown type that nothing leads to: whatever they are, what hangs on them is no second mistake. */
function possibleTriggers({ nodes }: FlowGraph): readonly string[] {
  const targets = new Set([...nodes.values()].flatMap(({ outlets }) => outlets.flatMap((outlet) => outlet.targets)));
  return [...nodes.values()].filter(({ id, type }) => type === unknownType && !targets.has(id)).map(({ id }) => id);
}
