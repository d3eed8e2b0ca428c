import { type CatalogueDescription, MillraceError } from '@millrace/contract';
import type { FlowDocument } from './document.ts';
import { type FlowGraph, graphOf } from './graph.ts';
import { machineOf } from './machine.ts';
import type { StepOrder } from './machine-logic.ts';
import { type Nest, nest } from './nesting.ts';
import type { Plan, PlanStep, StepKey } from './plan.ts';
import { errorPort } from './ports.ts';
import { destinations } from './states.ts';
import type { Exit, Step } from './structure.ts';
import { checkGraph } from './validate/check-graph.ts';
import { checkTypes } from './validate/check-nodes.ts';

/**
 * Compiles a flow for deciding.
 * @param hash content hash of the document; identifies the plan
 * @throws {MillraceError} `FLOW_INVALID` with every problem of the graph that stands in the way
 */
export function compileFlow(document: FlowDocument, catalogue: CatalogueDescription, hash: string): Plan {
  const problems = [...checkTypes(document, catalogue), ...checkGraph(document, catalogue)];
  if (problems.length > 0) {
    throw new MillraceError('FLOW_INVALID', `Flow “${document.name}” cannot be compiled: ${problems[0]?.message}`, {
      problems,
    });
  }
  return planOf(document, graphOf(document, catalogue), hash);
}

function planOf(document: FlowDocument, graph: FlowGraph, hash: string): Plan {
  const nested = nest(graph, () => {
    throw new Error('Fan-outs were found to nest, and do not.');
  });
  const before = predecessorsIn(nested);
  const ordered = nested.steps.toSorted((a, b) => rank(graph, a) - rank(graph, b));
  const steps = new Map(ordered.map((step, order) => [step.key, planStep(step, order, before)]));
  return { document, hash, steps, machine: machineOf(document.id, nested, stepOrder(steps)) };
}

function rank({ order }: FlowGraph, { node }: Step): number {
  return order.get(node.id) ?? 0;
}

function planStep(step: Step, order: number, before: Predecessors): PlanStep {
  const { key } = step;
  const { id: nodeId, node, type } = step.node;
  const within = step.region.within.map(({ id }) => id);
  return { key, nodeId, node, type, order, within, predecessors: before.get(key) ?? [], ports: portRules(step) };
}

function portRules({ node }: Step): PlanStep['ports'] {
  return new Map(
    node.outlets
      .filter(({ name }) => name !== errorPort)
      .map(({ name, code, targets }) => [name, code !== undefined && targets.length === 0 ? { failsWith: code } : {}]),
  );
}

type Predecessors = ReadonlyMap<StepKey, readonly StepKey[]>;

function predecessorsIn({ steps, starts }: Nest): Predecessors {
  const leads = [
    ...[...starts].map(([trigger, exit]) => [trigger, exit] as const),
    ...steps.flatMap((step) => [...step.exits.values()].map((exit) => [step.key, exit] as const)),
  ];
  const pairs = leads.flatMap(([from, exit]) => stepsBehind(exit).map((step) => [step.key, from] as const));
  const grouped = Map.groupBy(pairs, ([to]) => to);
  return new Map([...grouped].map(([to, each]) => [to, [...new Set(each.map(([, from]) => from))]]));
}

/** The steps that follow an exit directly, be it over a join. */
function stepsBehind(exit: Exit): readonly Step[] {
  return destinations(exit).flatMap((each) => {
    if (each.kind === 'step') return [each.step];
    return each.kind === 'join' && each.fan.join ? [each.fan.join] : [];
  });
}

function stepOrder(steps: ReadonlyMap<StepKey, PlanStep>): StepOrder {
  const order = (key: StepKey) => steps.get(key)?.order ?? -1;
  return {
    sorted: (keys) => keys.toSorted((a, b) => order(a) - order(b)),
    isWithin: (key, fan) => steps.get(key)?.within.includes(fan) ?? false,
  };
}
