/*
 * What deciding costs: `node test/bench/transition.ts` compiles chains of steps, each of which reads the one
 * before by name, and prints the milliseconds to compile and the microseconds of a transition (medians).
 */
import { type CatalogueDescription, Expression } from '@millrace/contract';
import { compileFlow, decider, type ExpressionCheck, type FlowDocument, type Plan, startRun } from '@millrace/flow';
import Type from 'typebox';

export interface ChainCost {
  readonly nodes: number;
  readonly compileMs: number;
  readonly transitionUs: number;
}

const at = '2026-11-21T08:00:00.000Z';
const described = { version: 1, title: '', summary: '', icon: '', examples: [], outputs: { out: Type.Unknown() } };
const catalogue: CatalogueDescription = {
  nodes: [
    { ...described, kind: 'trigger', id: 'bench/start', config: Type.Object({}) },
    {
      ...described,
      kind: 'node',
      id: 'bench/step',
      config: Type.Object({ text: Expression(Type.String()) }),
      effect: 'pure',
    },
  ],
  connections: [],
};

const reads: ExpressionCheck = (text) => ({
  steps: [...text.matchAll(/\$steps\.(\w+)/g)].map(([, id]) => id as string),
  readsAllSteps: false,
  params: [],
  variables: ['steps'],
});

/** Compiles and runs a chain of `nodes` steps, many times where it is short. */
export function chainCost(nodes: number): ChainCost {
  const rounds = Math.max(20, Math.round(20_000 / nodes));
  const document = chain(nodes);
  const compiled = Array.from({ length: 20 }, () => timed(() => compileFlow(document, catalogue, '', reads)));
  const plan = compileFlow(document, catalogue, '', reads);
  const runs = Array.from({ length: rounds }, () => timed(() => run(plan, nodes)));
  return { nodes, compileMs: Math.min(...compiled), transitionUs: (Math.min(...runs) * 1000) / nodes };
}

function chain(length: number): FlowDocument {
  const ids = Array.from({ length }, (_, index) => `n${index}`);
  const before = (index: number) => ids[index - 1] ?? 'start';
  const steps = ids.map((id, index) => [
    id,
    { type: 'bench/step', version: 1, config: { text: `{% $steps.${before(index)} %}` } },
  ]);
  return {
    format: 1,
    id: 'chain',
    name: 'Chain',
    nodes: { start: { type: 'bench/start', version: 1, config: {} }, ...Object.fromEntries(steps) },
    edges: ids.map((to, index) => ({ from: before(index), to })),
  };
}

function run(plan: Plan, nodes: number): void {
  const { state } = startRun(plan, { node: 'start', payload: { order: 'D-1' }, meta: {}, at });
  const burst = decider(plan, state);
  for (let index = 0; index < nodes; index += 1)
    burst.decide({ type: 'emit', step: `n${index}`, port: 'out', data: { index }, at });
  if (!burst.state.outcome) throw new Error('The chain did not come to its end.');
}

/** Milliseconds. */
function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

if (import.meta.main) {
  for (const nodes of [10, 100, 1000]) {
    const { compileMs, transitionUs } = chainCost(nodes);
    console.log(`${nodes} nodes: compiled in ${compileMs.toFixed(1)} ms, ${transitionUs.toFixed(1)} µs a transition`);
  }
}
