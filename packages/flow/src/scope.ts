import type { ErrorData, Json, JsonObject } from '@millrace/contract';
import { own } from './own.ts';
import type { Plan, StepKey } from './plan.ts';
import type { RunContext, RunState } from './run-state.ts';

/** What a step's expressions see. */
export interface StepScope {
  /** `$` */
  readonly input: Json;
  /** `$trigger`: the trigger's metadata with its payload as `body`. */
  readonly trigger: JsonObject;
  /** `$steps`: by node id, the latest output of every step that led here. */
  readonly steps: Readonly<Record<string, Json>>;
  /** `$error`: behind an error port. */
  readonly error?: ErrorData;
}

/**
 * The input of an active step: the output of the step before it, or at a join `{ "<branch's last node id>": output }`.
 * A step that is not active has none, which is `null`.
 */
export function stepInput(plan: Plan, state: RunState, step: StepKey): Json {
  const from = own(state.context.active, step)?.from;
  if (from === undefined) return null;
  return typeof from === 'string' ? outputOf(state.context, from) : outputsByNode(plan, state.context, from);
}

export function stepScope(plan: Plan, state: RunState, step: StepKey): StepScope {
  const { trigger, active, errors } = state.context;
  const errorOf = own(active, step)?.errorOf;
  const error = errorOf === undefined ? undefined : own(errors, errorOf);
  return {
    input: stepInput(plan, state, step),
    trigger: { ...trigger.meta, body: trigger.payload },
    steps: earlierOutputs(plan, state.context, step),
    ...(error && { error }),
  };
}

/** Outputs come in the order in which they were emitted, so of several copies of a node the latest wins. */
function earlierOutputs(plan: Plan, context: RunContext, step: StepKey): Readonly<Record<string, Json>> {
  const earlier = ancestors(plan, step);
  const trigger = earlier.has(context.trigger.node) ? [[context.trigger.node, context.trigger.payload] as const] : [];
  const outputs = Object.entries(context.outputs)
    .filter(([key]) => earlier.has(key))
    .map(([key, output]) => [nodeIdOf(plan, key), output] as const);
  return Object.fromEntries([...trigger, ...outputs]);
}

function ancestors({ steps }: Plan, step: StepKey): ReadonlySet<StepKey> {
  const found = new Set(steps.get(step)?.predecessors);
  for (const key of found) for (const before of steps.get(key)?.predecessors ?? []) found.add(before);
  return found;
}

/** Output of a step, or the payload where the trigger is meant. */
export function outputOf({ outputs, trigger }: RunContext, step: StepKey): Json {
  return own(outputs, step) ?? (step === trigger.node ? trigger.payload : null);
}

/** Outputs of several steps by node id; by step key where a node was several of them. */
export function outputsByNode(plan: Plan, context: RunContext, steps: readonly StepKey[]): JsonObject {
  const places = Map.groupBy(steps, (step) => nodeIdOf(plan, step));
  const nameOf = (step: StepKey) => (places.get(nodeIdOf(plan, step))?.length === 1 ? nodeIdOf(plan, step) : step);
  return Object.fromEntries(steps.map((step) => [nameOf(step), outputOf(context, step)]));
}

function nodeIdOf({ steps }: Plan, step: StepKey): string {
  return steps.get(step)?.nodeId ?? step;
}
