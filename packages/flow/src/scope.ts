import type { ErrorData, Json, JsonObject } from '@millrace/contract';
import { own } from './own.ts';
import { type Plan, planOf } from './plan.ts';
import type { MachineState, RunContext, RunState } from './run-state.ts';
import { loopOf, type PassKey, placeOf, type StepKey, stepKey } from './step-key.ts';
import { hasStep, noSteps } from './step-set.ts';

/** What a step's expressions see. */
export interface StepScope {
  /** `$` */
  readonly input: Json;
  /** `$trigger`: the trigger's metadata with its payload as `body`. */
  readonly trigger: JsonObject;
  /** `$steps`: by node id, the latest output of every step that led here; in a body also of those that led to the loop. */
  readonly steps: Readonly<Record<string, Json>>;
  /** `$error`: behind an error port, or in the body of a loop that is behind one. */
  readonly error?: ErrorData;
  /** `$item` and `$index` of the innermost pass. */
  readonly item?: Json;
  readonly index?: number;
}

/**
 * The input of an active step: the output of the step before it, at the start of a body the item, or at a join
 * `{ "<branch's last node id>": output }`. A step that is not active has none, which is `null`.
 */
export function stepInput(plan: Plan, state: RunState, step: StepKey): Json {
  const place = findPlace(plan, state, step);
  const from = place && own(place.context.active, place.key)?.from;
  if (!place || from === undefined) return null;
  return typeof from === 'string' ? outputOf(place.context, from) : outputsByNode(place.plan, place.context, from);
}

export function stepScope(plan: Plan, state: RunState, step: StepKey): StepScope {
  const { trigger } = state.context;
  const places = placesAround(plan, state, step);
  const error = places.flatMap(errorAt)[0];
  const [innermost] = places;
  return {
    input: stepInput(plan, state, step),
    trigger: { ...trigger.meta, body: trigger.payload },
    // The nearer comes last, and wins; ids are unique, so there is nothing to win but order.
    steps: Object.fromEntries(places.toReversed().flatMap(earlierOutputs)),
    ...(error && { error }),
    ...(innermost?.pass !== undefined && {
      item: innermost.context.trigger.payload,
      index: loopOf(innermost.pass).index,
    }),
  };
}

/** A step in its machine. */
interface Place {
  readonly pass: PassKey | undefined;
  readonly key: StepKey;
  readonly plan: Plan;
  readonly context: RunContext;
}

function findPlace(plan: Plan, state: RunState, step: StepKey): Place | undefined {
  const { pass, key } = plan.steps.has(step) ? { key: step } : placeOf(step);
  const machine = machineAt(state, pass);
  const own = pass === undefined ? plan : planOf(plan, pass);
  return machine && own && { pass, key, plan: own, context: machine.context };
}

/** A step's place, that of the loop around it, and so on outwards. */
function placesAround(plan: Plan, state: RunState, step: StepKey): readonly Place[] {
  const place = findPlace(plan, state, step);
  if (place?.pass === undefined) return place ? [place] : [];
  const { around, loop } = loopOf(place.pass);
  return [place, ...placesAround(plan, state, stepKey(around, loop))];
}

function machineAt(state: RunState, pass: PassKey | undefined): MachineState | undefined {
  return pass === undefined ? state : own(state.passes ?? {}, pass);
}

function errorAt({ context, key }: Place): readonly ErrorData[] {
  const errorOf = own(context.active, key)?.errorOf;
  const error = errorOf === undefined ? undefined : own(context.errors, errorOf);
  return error ? [error] : [];
}

/**
 * Outputs come in the order in which they were emitted, so of several copies of a node the latest wins. The trigger is
 * an earlier node too; a pass's item is not.
 */
function earlierOutputs({ plan, context, key, pass }: Place): readonly (readonly [string, Json])[] {
  const { outputs, trigger } = context;
  const step = plan.steps.get(key);
  const isEarlier = (other: StepKey) => hasStep(step?.ancestors ?? noSteps, plan.steps.get(other)?.order ?? -1);
  const earlier = Object.entries(outputs).filter(([other]) => isEarlier(other));
  const named = earlier.map(([other, output]) => [nodeIdOf(plan, other), output] as const);
  return pass === undefined ? [[trigger.node, trigger.payload], ...named] : named;
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
