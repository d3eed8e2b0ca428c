import type { ErrorData, Json } from '@millrace/contract';
import { own } from './own.ts';
import type { StepKey } from './plan.ts';
import type { ActiveStep, Alert, Arrival, RunContext, TriggerEvent } from './run-state.ts';

/**
 * What the machine does to a run's context on its way. Topology is the machine's states; here is only bookkeeping.
 * Every function takes a context and answers the changed fields, as XState's `assign` wants it.
 */

/** What an exit of a step sets in motion. */
export interface Onward {
  /** The step that is left, or the trigger's node id. */
  readonly step: StepKey;
  /** Steps that become active. */
  readonly starts: readonly StepKey[];
  /** Fan-outs whose join a branch has reached. */
  readonly arrives: readonly string[];
  /** A branch ends here. */
  readonly ends: boolean;
}

/** A join that becomes active. */
export interface Meet {
  readonly fan: string;
  readonly join: StepKey;
}

/** The events that the machine understands besides `<step>:<port>`, which carry `data` or, on `error`, `error`. */
export interface MachineEvent {
  readonly type: string;
  readonly step: StepKey;
  readonly at: string;
  readonly data?: Json;
  readonly error?: ErrorData;
  readonly retryAt?: string;
  readonly alert?: Alert;
  readonly wait?: { readonly channel: string; readonly key: string };
  readonly signalId?: string;
}

type Changes = Partial<RunContext>;

/** XState makes an initial state, without input, even for a transition from another one; it must not be costly. */
const noTrigger: TriggerEvent = { node: '', payload: null, meta: {}, at: '' };

export function initialContext(trigger: TriggerEvent = noTrigger): RunContext {
  return { trigger, outputs: {}, errors: {}, active: {}, arrivals: {}, ends: [], at: trigger.at };
}

/** The run starts behind its trigger. */
export function begin(context: RunContext, onward: Onward): Changes {
  return goOn(context, onward, { from: onward.step });
}

/** A step has emitted. What stands behind an error port keeps seeing the error. */
export function advance(context: RunContext, event: MachineEvent, onward: Onward): Changes {
  const outputs = { ...context.outputs, [onward.step]: event.data ?? null };
  const errorOf = own(context.active, onward.step)?.errorOf;
  const source: Arrival = { from: onward.step, ...(errorOf !== undefined && { errorOf }) };
  return { outputs, at: event.at, ...goOn({ ...context, at: event.at }, onward, source) };
}

/** A step has failed for good and its error has somewhere to go: what follows gets the failed step's own input. */
export function divert(context: RunContext, event: MachineEvent, onward: Onward): Changes {
  const errors = { ...context.errors, [onward.step]: errorIn(event) };
  const from = own(context.active, onward.step)?.from ?? [];
  return { errors, at: event.at, ...goOn({ ...context, at: event.at }, onward, { from, errorOf: onward.step }) };
}

/** A step has failed and nothing takes the error: the run fails, and whatever else is active just ends. */
export function failRun(_context: RunContext, event: MachineEvent): Changes {
  return { active: {}, arrivals: {}, at: event.at, failure: { error: errorIn(event), step: event.step } };
}

function goOn(context: RunContext, { step, starts, arrives, ends }: Onward, source: Arrival): Changes {
  const { [step]: _left, ...others } = context.active;
  const started = Object.fromEntries(starts.map((key) => [key, activated(source, context.at)]));
  return {
    active: { ...others, ...started },
    ...(arrives.length > 0 && { arrivals: withArrivals(context.arrivals, arrives, source) }),
    ...(ends && { ends: [...context.ends, step] }),
  };
}

function activated(source: Arrival, at: string): ActiveStep {
  return { ...source, activatedAt: at, failures: 0 };
}

function withArrivals(
  arrivals: RunContext['arrivals'],
  fans: readonly string[],
  source: Arrival,
): RunContext['arrivals'] {
  return { ...arrivals, ...Object.fromEntries(fans.map((fan) => [fan, [...(own(arrivals, fan) ?? []), source]])) };
}

/** All branches of a fan-out have ended, and some have reached the join: it gets what they brought, in the plan's order. */
export function meet(context: RunContext, { fan, join }: Meet, steps: StepOrder): Changes {
  const { [fan]: arrived = [], ...arrivals } = context.arrivals;
  const from = new Set(arrived.flatMap((each) => each.from));
  const [errorOf] = steps.sorted(arrived.flatMap((each) => each.errorOf ?? []));
  const source: Arrival = { from: steps.sorted([...from]), ...(errorOf !== undefined && { errorOf }) };
  return {
    arrivals,
    active: { ...context.active, [join]: activated(source, context.at) },
    ends: context.ends.filter((step) => !steps.isWithin(step, fan)),
  };
}

/** What the bookkeeping needs to know of the plan. */
export interface StepOrder {
  sorted(steps: readonly StepKey[]): readonly StepKey[];
  isWithin(step: StepKey, fan: string): boolean;
}

export function startWaiting(context: RunContext, { step, wait, at }: MachineEvent): Changes {
  return change(context, step, at, (active) => ({
    ...active,
    waiting: true,
    ...(wait && { wait: { channel: wait.channel, key: wait.key } }),
  }));
}

/** The step stays active; its next attempt is a timer. */
export function startResting(context: RunContext, { step, at, alert, retryAt }: MachineEvent): Changes {
  return change(context, step, at, ({ waiting, wait, ...active }) => ({
    ...active,
    failures: active.failures + 1,
    firstFailedAt: active.firstFailedAt ?? at,
    ...(retryAt !== undefined && { retryAt }),
    ...(alert && { alerted: true }),
  }));
}

/** The pause is over. */
export function stopResting(context: RunContext, { step, at }: MachineEvent): Changes {
  return change(context, step, at, ({ retryAt, ...active }) => active);
}

function change(context: RunContext, step: StepKey, at: string, by: (active: ActiveStep) => ActiveStep): Changes {
  const active = own(context.active, step);
  return active ? { at, active: { ...context.active, [step]: by(active) } } : {};
}

/** Nothing is active, and nothing that has arrived waits for others. */
export function isOver({ active, arrivals }: RunContext): boolean {
  return isEmpty(active) && isEmpty(arrivals);
}

function isEmpty(record: object): boolean {
  for (const _key in record) return false;
  return true;
}

function errorIn({ error }: MachineEvent): ErrorData {
  return error ?? { category: 'internal', code: 'INTERNAL', message: 'A step failed without saying why.' };
}
