import type { ErrorData, Json } from '@millrace/contract';
import { portFailure, titleOf, tooManySteps, unknownPort, waitExpired } from './failure.ts';
import type { MachineEvent } from './machine-logic.ts';
import type { Plan, PlanStep } from './plan.ts';
import { errorPort } from './ports.ts';
import { failureAlert, nextAttempt } from './retry.ts';
import type { Action, ActiveStep, Alert, LoopEvent, RunContext, StepEvent } from './run-state.ts';
import { outputOf, outputsByNode } from './scope.ts';
import { leaving } from './states.ts';
import type { StepKey } from './step-key.ts';

/** What a machine hears of what has happened, and what else is to be done about it. */
export interface Translated {
  readonly event: MachineEvent;
  readonly alerts: readonly Action[];
  /** The step has failed, by its own saying or because it cannot leave where it wants to. */
  readonly failed?: boolean;
}

/** An active step of a machine. */
export interface Place {
  readonly plan: Plan;
  readonly context: RunContext;
  readonly step: PlanStep;
  readonly active: ActiveStep;
  /** The step's key in the run, which tells passes apart. */
  readonly key: StepKey;
}

/** The machine's event for what has happened to a step; nothing where the step is not in the state for it. */
export function translate(place: Place, event: Exclude<StepEvent, LoopEvent>): Translated | undefined {
  const { step, active } = place;
  const local = { ...event, step: step.key };
  switch (event.type) {
    case 'emit':
      return emitted(place, event.port, event.data, event.at);
    case 'fail':
      return failed(place, event.error, event.at, event.final);
    case 'expire':
      return active.waiting ? expired(place, event.at) : undefined;
    case 'due':
      return active.waiting ? heard({ ...local, alert: overdue(place) }) : undefined;
    case 'signal':
      return active.waiting ? heard(local) : undefined;
    case 'retry':
      return active.retryAt === undefined ? undefined : heard(local);
    case 'wait':
      return heard(local);
  }
}

function heard(event: MachineEvent): Translated {
  return { event, alerts: [] };
}

function emitted(place: Place, port: string, data: Json, at: string): Translated {
  const { plan, context, step } = place;
  const rule = step.ports.get(port);
  if (!rule) return failed(place, unknownPort(step, port), at);
  if (rule.failsWith !== undefined) return failed(place, portFailure(step, port, rule.failsWith, data), at);
  if (context.started + rule.starts > plan.bounds.steps && rule.starts > 0)
    return failed(place, tooManySteps(plan.bounds.steps), at, true);
  return heard({ type: leaving(step.key, port), step: step.key, data, at });
}

function expired(place: Place, at: string): Translated {
  const { wait } = place.active;
  if (wait?.passesOnAfter !== undefined) return emitted(place, wait.passesOnAfter, inputOf(place), at);
  if (!place.step.ports.has('expired')) return failed(place, waitExpired(place.step), at);
  return emitted(place, 'expired', { ...wait, expiredAt: at }, at);
}

function inputOf({ plan, context, active: { from } }: Place): Json {
  return typeof from === 'string' ? outputOf(context, from) : outputsByNode(plan, context, from);
}

function overdue({ step, active: { wait } }: Place): Alert {
  const message = `“${titleOf(step)}” is still waiting for “${wait?.key}” on “${wait?.channel}”.`;
  return { code: 'WAIT_OVERDUE', message, severity: 'warning' };
}

/** A failure is either a pause before the next attempt or leaves through the `error` port. */
export function failed({ step, active, key }: Place, error: ErrorData, at: string, final = false): Translated {
  const failures = { count: active.failures + 1, firstAt: new Date(active.firstFailedAt ?? at), now: new Date(at) };
  const alert = active.alerted ? undefined : failureAlert(step.node.retry, error, failures);
  const alerts: readonly Action[] = alert ? [{ type: 'alert', step: step.key, ...alert }] : [];
  const random = () => spread(`${key} ${failures.count}`);
  const next = final ? undefined : nextAttempt(step.node.retry, error, failures, random);
  const event = next
    ? { type: 'rest', step: step.key, at, error, retryAt: next.toISOString(), ...(alert && { alert }) }
    : { type: leaving(step.key, errorPort), step: step.key, at, error };
  return { event, alerts, failed: true };
}

/** A number from 0 to 1 that looks random and is the same for the same text (FNV-1a). */
function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) / 0x1_0000_0000;
}
