import { type CatalogueDescription, MillraceError } from '@millrace/contract';
import { type FlowBounds, flowBounds } from './bounds.ts';
import type { FlowDocument } from './document.ts';
import { type Fields, fieldsReadOf } from './fields-read.ts';
import type { FlowGraph, FlowGraphs } from './graph.ts';
import { type Liveness, livenessOf } from './liveness.ts';
import { machineOf } from './machine.ts';
import type { StepRules } from './machine-logic.ts';
import { type Nest, nest } from './nesting.ts';
import { inCanonicalOrder } from './orderless.ts';
import type { Plan, PlanPort, PlanStep } from './plan.ts';
import { errorPort } from './ports.ts';
import { type Reads, readsOf } from './reads.ts';
import { graphsOf } from './resolve-graph.ts';
import { destinations } from './states.ts';
import type { StepKey } from './step-key.ts';
import { noSteps, onlyStep, type StepSet } from './step-set.ts';
import type { Exit, Fan, Step } from './structure.ts';
import type { ExpressionCheck } from './validate/check-expressions.ts';
import { checkGraph } from './validate/check-graph.ts';
import { checkTypes } from './validate/check-nodes.ts';

/**
 * Compiles a flow for deciding. Equal documents give equal plans, whatever the order of their nodes and edges.
 * @param hash content hash of the document; identifies the plan
 * @param reads tells what expressions read, so that a run's state carries only what can still be read; without it
 *   everything is carried
 * @throws {MillraceError} `FLOW_INVALID` with every problem of the graph that stands in the way
 */
export function compileFlow(
  document: FlowDocument,
  catalogue: CatalogueDescription,
  hash: string,
  reads?: ExpressionCheck,
  bounds: FlowBounds = flowBounds,
): Plan {
  const problems = [...checkTypes(document, catalogue), ...checkGraph(document, catalogue, bounds)];
  if (problems.length > 0) {
    throw new MillraceError('FLOW_INVALID', `Flow “${document.name}” cannot be compiled: ${problems[0]?.message}`, {
      problems,
    });
  }
  const graphs = graphsOf(inCanonicalOrder(document), catalogue);
  const reading = reads && readsOf(graphs, reads);
  const fieldsRead = reads ? fieldsReadOf(graphs, reads) : new Map<string, Fields>();
  return planOf({ document, hash, graphs, reading, fieldsRead, bounds, bodies: new Map() }, graphs.main);
}

interface Build {
  readonly document: FlowDocument;
  readonly hash: string;
  readonly graphs: FlowGraphs;
  readonly reading: ReadonlyMap<string, Reads> | undefined;
  readonly fieldsRead: Plan['fieldsRead'];
  readonly bounds: FlowBounds;
  /** By the loop's node id: a loop that stands in several branches has one body. */
  readonly bodies: Map<string, Plan>;
}

function planOf(build: Build, graph: FlowGraph): Plan {
  const { document, hash, reading, fieldsRead, bounds } = build;
  const nested = nest(graph, () => {
    throw new Error('Fan-outs were found to nest, and do not.');
  });
  const steps = planSteps(build, graph, nested);
  const liveness = reading && livenessOf(steps, joinsIn(nested), reading);
  const machine = machineOf(graph.owner ?? document.id, nested, stepRules(steps, liveness));
  const loops = [...steps.values()].filter(({ body }) => body !== undefined);
  return { document, hash, steps, machine, loops, fieldsRead, bounds };
}

function planSteps(build: Build, { order }: FlowGraph, nested: Nest): ReadonlyMap<StepKey, PlanStep> {
  const before = predecessorsIn(nested);
  const rank = ({ node }: Step) => order.get(node.id) ?? 0;
  const ordered = nested.steps.toSorted((a, b) => rank(a) - rank(b));
  const steps = new Map<StepKey, PlanStep>();
  for (const step of ordered) {
    const predecessors = before.get(step.key) ?? [];
    const ancestors = ancestorsOf(predecessors, steps);
    steps.set(step.key, { ...planStep(step, bodyOf(build, step)), order: steps.size, predecessors, ancestors });
  }
  return steps;
}

/** @param steps those before it in the plan's order */
function ancestorsOf(predecessors: readonly StepKey[], steps: ReadonlyMap<StepKey, PlanStep>): StepSet {
  let ancestors = noSteps;
  for (const key of predecessors) {
    const step = steps.get(key);
    if (step) ancestors |= step.ancestors | onlyStep(step.order);
  }
  return ancestors;
}

function bodyOf(build: Build, { node }: Step): Plan | undefined {
  const body = build.graphs.bodies.get(node.id);
  if (!body) return undefined;
  const plan = build.bodies.get(node.id) ?? planOf(build, body);
  build.bodies.set(node.id, plan);
  return plan;
}

function planStep(step: Step, body: Plan | undefined): Omit<PlanStep, 'order' | 'predecessors' | 'ancestors'> {
  const { key } = step;
  const { id: nodeId, node, type } = step.node;
  const within = step.region.within.map(({ id }) => id);
  return { key, nodeId, node, type, within, ports: portRules(step), ...(body && { body }) };
}

function portRules({ node, exits }: Step): PlanStep['ports'] {
  const ordinary = node.outlets.filter(({ name }) => name !== errorPort);
  return new Map(
    ordinary.map(({ name, code, targets }): [string, PlanPort] => {
      const starts = destinations(exits.get(name) ?? { kind: 'end' }).filter(({ kind }) => kind === 'step').length;
      return [name, { starts, ...(code !== undefined && targets.length === 0 && { failsWith: code }) }];
    }),
  );
}

type Predecessors = ReadonlyMap<StepKey, readonly StepKey[]>;

function predecessorsIn(nested: Nest): Predecessors {
  const before = new Map<StepKey, Set<StepKey>>();
  for (const [from, exit] of exitsIn(nested)) {
    for (const { key } of stepsBehind(exit)) before.set(key, (before.get(key) ?? new Set()).add(from));
  }
  return new Map([...before].map(([key, from]) => [key, [...from]]));
}

/** Every exit with the step or trigger that it leaves. */
function exitsIn({ steps, starts }: Nest): readonly (readonly [StepKey, Exit])[] {
  return [...starts, ...steps.flatMap((step) => [...step.exits.values()].map((exit) => [step.key, exit] as const))];
}

/** The steps that follow an exit directly, be it over a join. */
function stepsBehind(exit: Exit): readonly Step[] {
  return destinations(exit).flatMap((each) => {
    if (each.kind === 'step') return [each.step];
    return each.kind === 'join' && each.fan.join ? [each.fan.join] : [];
  });
}

/** The join of each fan-out that has one. */
function joinsIn(nested: Nest): ReadonlyMap<string, StepKey> {
  const fans = exitsIn(nested).flatMap(([, exit]) =>
    destinations(exit).flatMap((each) => (each.kind === 'join' ? [each.fan] : [])),
  );
  return new Map(fans.flatMap(({ id, join }: Fan) => (join ? [[id, join.key] as const] : [])));
}

function stepRules(steps: ReadonlyMap<StepKey, PlanStep>, liveness: Liveness | undefined): StepRules {
  const order = (key: StepKey) => steps.get(key)?.order ?? -1;
  return {
    sorted: (keys) => keys.toSorted((a, b) => order(a) - order(b)),
    isWithin: (key, fan) => steps.get(key)?.within.includes(fan) ?? false,
    liveness,
  };
}
