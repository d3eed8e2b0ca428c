import type { ErrorData, Json } from '@millrace/contract';
import type { Left, Liveness } from './liveness.ts';
import { own } from './own.ts';
import type { ActiveStep, Alert, Arrival, Passes, RunContext, TriggerEvent } from './run-state.ts';
import type { StepKey } from './step-key.ts';

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
  readonly wait?: { readonly channel: string; readonly key: string; readonly passesOnAfter?: string };
  readonly signalId?: string;
  readonly passes?: Passes;
}

type Changes = Partial<RunContext>;

/** XState makes an initial state, without input, even for a transition from another one; it must not be costly. */
const noTrigger: TriggerEvent = { node: '', payload: null, meta: {}, at: '' };

export function initialContext(trigger: TriggerEvent = noTrigger): RunContext {
  return { trigger, outputs: {}, errors: {}, active: {}, arrivals: {}, ends: [], at: trigger.at, started: 0 };
}

/** The run starts behind its trigger. */
export function begin(context: RunContext, onward: Onward): Changes {
  return goOn(context, onward, { from: onward.step });
}

/** A step has emitted. What stands behind an error port keeps seeing the error. */
export function advance(context: RunContext, event: MachineEvent, onward: Onward, steps: StepRules): Changes {
  const outputs = { ...context.outputs, [onward.step]: event.data ?? null };
  const errorOf = own(context.active, onward.step)?.errorOf;
  const source: Arrival = { from: onward.step, ...(errorOf !== undefined && { errorOf }) };
  return leave({ ...context, outputs, at: event.at }, onward, source, steps);
}

/** A step has failed for good and its error has somewhere to go: what follows gets the failed step's own input. */
export function divert(context: RunContext, event: MachineEvent, onward: Onward, steps: StepRules): Changes {
  const errors = { ...context.errors, [onward.step]: errorIn(event) };
  const from = own(context.active, onward.step)?.from ?? [];
  return leave({ ...context, errors, at: event.at }, onward, { from, errorOf: onward.step }, steps);
}

function leave(context: RunContext, onward: Onward, source: Arrival, { liveness }: StepRules): Changes {
  const after = { ...context, ...goOn(context, onward, source) };
  if (!liveness) return after;
  const before = own(context.active, onward.step);
  const left: Left[] = before ? [{ ...before, step: onward.step }] : [];
  // An error that leads on is held by what follows; one that nobody reads behind is forgotten at once.
  return liveness.forget(after, source.errorOf === onward.step ? [...left, source] : left);
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
    started: context.started + starts.length,
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
export function meet(context: RunContext, { fan, join }: Meet, steps: StepRules): Changes {
  const { [fan]: arrived = [], ...arrivals } = context.arrivals;
  const from = new Set(arrived.flatMap((each) => each.from));
  const [errorOf] = steps.sorted(arrived.flatMap((each) => each.errorOf ?? []));
  const source: Arrival = { from: steps.sorted([...from]), ...(errorOf !== undefined && { errorOf }) };
  const [ended, ends] = partition(context.ends, (step) => steps.isWithin(step, fan));
  const after: RunContext = {
    ...context,
    arrivals,
    active: { ...context.active, [join]: activated(source, context.at) },
    started: context.started + 1,
    ends,
  };
  return steps.liveness?.forget(after, [...arrived, { from: ended }]) ?? after;
}

function partition<T>(list: readonly T[], isFirst: (item: T) => boolean): readonly [T[], T[]] {
  return [list.filter(isFirst), list.filter((item) => !isFirst(item))];
}

/** What the bookkeeping needs to know of the plan. */
export interface StepRules {
  sorted(steps: readonly StepKey[]): readonly StepKey[];
  isWithin(step: StepKey, fan: string): boolean;
  /** None: everything is kept. */
  readonly liveness: Liveness | undefined;
}

export function startWaiting(context: RunContext, { step, wait, at }: MachineEvent): Changes {
  return change(context, step, at, (active) => ({
    ...active,
    waiting: true,
    ...(wait && { wait: waitOf(wait) }),
    // A node that waits has taken note of its last pass.
    ...(active.passes && { passes: { ...active.passes, running: [] } }),
  }));
}

function waitOf({ channel, key, passesOnAfter }: NonNullable<MachineEvent['wait']>): NonNullable<ActiveStep['wait']> {
  return { channel, key, ...(passesOnAfter !== undefined && { passesOnAfter }) };
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

/** A loop's account of its passes has changed. Nothing can be waited for while passes are under way. */
export function keepPasses(context: RunContext, { step, at, passes }: MachineEvent): Changes {
  return change(context, step, at, ({ waiting, wait, ...active }) => ({ ...active, ...(passes && { passes }) }));
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
