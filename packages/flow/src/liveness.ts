import type { PlanStep } from './plan.ts';
import { noReads, type Reads } from './reads.ts';
import type { RunContext } from './run-state.ts';
import type { StepKey } from './step-key.ts';
import { noSteps, onlyStep, type StepSet, unionOf, withoutSteps } from './step-set.ts';

/**
 * Which outputs and errors may still be read. What a step reads is known from its expressions; what can come behind it,
 * from the plan. An output is kept while it is an active step's input, waits at a join, is where a branch ended (the
 * run's output), or may be named by an active step or one that can still come; all others leave the state.
 */
export interface Liveness {
  /** The context without what nobody can read any more. `left`: steps that have ceased to be active or to count. */
  forget(context: RunContext, left: readonly Left[]): RunContext;
}

/** What may have held on to outputs and an error. */
export interface Left {
  readonly step?: StepKey;
  readonly from: StepKey | readonly StepKey[];
  readonly errorOf?: StepKey;
}

interface Needs {
  /** Steps whose outputs a step, or one behind it, may name. */
  readonly outputs: StepSet;
  readonly error: boolean;
}

/**
 * @param steps in the plan's order, each after those that lead to it
 * @param joins the join of each fan-out, by the fan-out's id
 */
export function livenessOf(
  steps: ReadonlyMap<StepKey, PlanStep>,
  joins: ReadonlyMap<string, StepKey>,
  reads: ReadonlyMap<string, Reads>,
): Liveness {
  const needs = needsOf([...steps.values()], reads);
  const only = new Map([...steps.values()].map(({ key, order }) => [key, onlyStep(order)]));
  const setOf = (keys: Left['from']) => unionOf([keys].flat().map((key) => only.get(key) ?? noSteps));
  const held = ({ step, from }: Left) => setOf(from) | (needs.get(step ?? '')?.outputs ?? noSteps);
  return {
    forget(context, left) {
      const holders = holdersIn(context, joins);
      const needed = unionOf(holders.map(held)) | setOf(context.ends);
      const dead = withoutSteps(unionOf(left.map(held)), needed);
      const isRead = (error: StepKey) =>
        holders.some(({ step, errorOf }) => errorOf === error && needs.get(step ?? '')?.error === true);
      const deadErrors = new Set(
        left.flatMap(({ errorOf }) => (errorOf === undefined || isRead(errorOf) ? [] : errorOf)),
      );
      return {
        ...context,
        outputs:
          dead === noSteps ? context.outputs : without(context.outputs, (key) => (setOf(key) & dead) !== noSteps),
        errors: deadErrors.size === 0 ? context.errors : without(context.errors, (key) => deadErrors.has(key)),
      };
    },
  };
}

/** What still holds on to outputs and errors: active steps, and branches that wait at a join for others. */
function holdersIn({ active, arrivals }: RunContext, joins: ReadonlyMap<string, StepKey>): readonly Left[] {
  const atJoins = Object.entries(arrivals).flatMap(([fan, all]) => {
    const step = joins.get(fan);
    return step === undefined ? all : all.map((each) => ({ ...each, step }));
  });
  return [...Object.entries(active).map(([step, each]) => ({ ...each, step })), ...atJoins];
}

/** Backwards over the steps, so that what stands behind a step is known before it. */
function needsOf(steps: readonly PlanStep[], reads: ReadonlyMap<string, Reads>): ReadonlyMap<StepKey, Needs> {
  const byNode = new Map<string, StepSet>();
  for (const { nodeId, order } of steps) byNode.set(nodeId, (byNode.get(nodeId) ?? noSteps) | onlyStep(order));
  const needs = new Map<StepKey, Needs>();
  for (const step of steps.toReversed()) {
    const { nodes, everything, error } = reads.get(step.nodeId) ?? noReads;
    const named = everything ? step.ancestors : unionOf([...nodes].map((id) => byNode.get(id) ?? noSteps));
    const behind = needs.get(step.key);
    const own = {
      outputs: (named & step.ancestors) | (behind?.outputs ?? noSteps),
      error: error || behind?.error === true,
    };
    needs.set(step.key, own);
    // What a step will itself put out is not there yet while those before it are active.
    for (const key of step.predecessors) {
      const known = needs.get(key);
      const outputs = withoutSteps(own.outputs, onlyStep(step.order)) | (known?.outputs ?? noSteps);
      needs.set(key, { outputs, error: own.error || known?.error === true });
    }
  }
  return needs;
}

function without<T>(record: Readonly<Record<StepKey, T>>, isDead: (key: StepKey) => boolean) {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !isDead(key)));
}
