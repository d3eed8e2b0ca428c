import type { ErrorData, Json } from '@millrace/contract';
import { type AnyMachineSnapshot, initialTransition, transition } from 'xstate';
import { portFailure, titleOf, unknownPort, waitExpired } from './failure.ts';
import type { MachineEvent } from './machine-logic.ts';
import { own } from './own.ts';
import type { Plan, PlanStep } from './plan.ts';
import { errorPort } from './ports.ts';
import { failureAlert, nextAttempt } from './retry.ts';
import type {
  Action,
  ActiveStep,
  Alert,
  Decision,
  Outcome,
  RunContext,
  RunState,
  StepEvent,
  TriggerEvent,
} from './run-state.ts';
import { outputOf, outputsByNode } from './scope.ts';
import { leaving } from './states.ts';

/** The first decision of a run. */
export function startRun(plan: Plan, trigger: TriggerEvent): Decision {
  const [snapshot, actions] = initialTransition(plan.machine, trigger);
  return decision(plan, snapshot, actions);
}

/**
 * What follows from an event. Pure: the same state and event give the same decision, and the state handed in is left
 * alone. For many events in a row {@link decider} is faster.
 */
export function decide(plan: Plan, state: RunState, event: StepEvent): Decision {
  return decider(plan, state).decide(event);
}

/** Decides event after event, each on the state that the one before has led to. */
export interface Decider {
  readonly state: RunState;
  decide(event: StepEvent): Decision;
}

/** Restores the machine once, for a whole burst of events. */
export function decider(plan: Plan, from: RunState): Decider {
  let state = from;
  let snapshot: AnyMachineSnapshot | undefined;
  return {
    get state() {
      return state;
    },
    decide(event) {
      const translated = state.outcome ? undefined : translate(plan, state.context, event);
      if (!translated) return { state, actions: [], ignored: true };
      snapshot ??= plan.machine.resolveState({ value: from.value as never, context: from.context });
      const [next, actions] = transition(plan.machine, snapshot, translated.event);
      snapshot = next;
      const decided = decision(plan, next, actions, translated.alerts);
      state = decided.state;
      return decided;
    },
  };
}

function decision(
  plan: Plan,
  { value, context, status }: AnyMachineSnapshot,
  actions: readonly MachineAction[],
  alerts: readonly Action[] = [],
): Decision {
  const state = { value: value as Json, context: context as RunContext };
  const outcome = status === 'done' ? { outcome: outcomeOf(plan, state.context) } : {};
  return { state: { ...state, ...outcome }, actions: [...actions.map(asAction), ...alerts], ignored: false };
}

/** As much as is used of what XState returns. */
interface MachineAction {
  readonly type: string;
  readonly params: unknown;
}

function asAction({ type, params }: MachineAction): Action {
  return { type, ...(params as object) } as Action;
}

function outcomeOf(plan: Plan, context: RunContext): Outcome {
  if (context.failure) return { outcome: 'failed', ...context.failure };
  const [last, ...others] = context.ends;
  if (last === undefined) return { outcome: 'succeeded', output: null };
  if (others.length === 0) return { outcome: 'succeeded', output: outputOf(context, last) };
  const order = (step: string) => plan.steps.get(step)?.order ?? -1;
  const ends = context.ends.toSorted((a, b) => order(a) - order(b));
  return { outcome: 'succeeded', output: outputsByNode(plan, context, ends) };
}

interface Translated {
  readonly event: MachineEvent;
  readonly alerts: readonly Action[];
}

/** The machine's event for what has happened to a step; nothing where the step is not in the state for it. */
function translate(plan: Plan, context: RunContext, event: StepEvent): Translated | undefined {
  const step = plan.steps.get(event.step);
  const active = own(context.active, event.step);
  if (!step || !active) return undefined;
  switch (event.type) {
    case 'emit':
      return emitted(step, active, event.port, event.data, event.at);
    case 'fail':
      return failed(step, active, event.error, event.at, event.final);
    case 'expire':
      return active.waiting ? expired(step, active, event.at) : undefined;
    case 'due':
      return active.waiting ? heard({ ...event, alert: overdue(step, active) }) : undefined;
    case 'signal':
      return active.waiting ? heard(event) : undefined;
    case 'retry':
      return active.retryAt === undefined ? undefined : heard(event);
    case 'wait':
      return heard(event);
  }
}

function heard(event: MachineEvent): Translated {
  return { event, alerts: [] };
}

function emitted(step: PlanStep, active: ActiveStep, port: string, data: Json, at: string): Translated {
  const rule = step.ports.get(port);
  if (!rule) return failed(step, active, unknownPort(step, port), at);
  if (rule.failsWith !== undefined) return failed(step, active, portFailure(step, port, rule.failsWith, data), at);
  return heard({ type: leaving(step.key, port), step: step.key, data, at });
}

function expired(step: PlanStep, active: ActiveStep, at: string): Translated {
  if (!step.ports.has('expired')) return failed(step, active, waitExpired(step), at);
  return emitted(step, active, 'expired', { ...active.wait, expiredAt: at }, at);
}

function overdue(step: PlanStep, { wait }: ActiveStep): Alert {
  const message = `“${titleOf(step)}” is still waiting for “${wait?.key}” on “${wait?.channel}”.`;
  return { code: 'WAIT_OVERDUE', message, severity: 'warning' };
}

/** A failure is either a pause before the next attempt or leaves through the `error` port. */
function failed(step: PlanStep, active: ActiveStep, error: ErrorData, at: string, final = false): Translated {
  const failures = { count: active.failures + 1, firstAt: new Date(active.firstFailedAt ?? at), now: new Date(at) };
  const alert = active.alerted ? undefined : failureAlert(step.node.retry, error, failures);
  const alerts: readonly Action[] = alert ? [{ type: 'alert', step: step.key, ...alert }] : [];
  const random = () => spread(`${step.key} ${failures.count}`);
  const next = final ? undefined : nextAttempt(step.node.retry, error, failures, random);
  const event = next
    ? { type: 'rest', step: step.key, at, error, retryAt: next.toISOString(), ...(alert && { alert }) }
    : { type: leaving(step.key, errorPort), step: step.key, at, error };
  return { event, alerts };
}

/** A number from 0 to 1 that looks random and is the same for the same text (FNV-1a). */
function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) / 0x1_0000_0000;
}
