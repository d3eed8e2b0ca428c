import type { Json } from '@millrace/contract';
import {
  type Action,
  type ActiveStep,
  type LoopAction,
  loopOf,
  type Plan,
  placeOf,
  type StepEvent,
  stepKey,
  stepOf,
} from '@millrace/flow';
import type { StepRow } from '../postgres/commit/burst-writes.ts';

/** The events that the history tells of; the others only move a step on from one of these to the next. */
type Told = Extract<StepEvent, { type: 'emit' | 'wait' | 'expire' | 'fail' }>;

/** What an event has led to. */
export interface Deed {
  readonly event: StepEvent;
  /** The step as the event found it. */
  readonly before: ActiveStep;
  readonly actions: readonly Action[];
  /** What the step got, where it was performed. */
  readonly input?: Json | undefined;
}

/** Passes of a loop whose steps are kept in the history. */
const passesTold = 1_000;

/** The history row of a step after an event; nothing where the history does not tell of it. */
export function stepRow(plan: Plan, { event, before, actions, input }: Deed): StepRow | undefined {
  const step = stepOf(plan, event.step);
  if (!step || !isTold(event)) return undefined;
  return {
    key: event.step,
    node: step.nodeId,
    attempts: before.failures + 1,
    startedAt: before.activatedAt,
    ...(input !== undefined && inputOf(plan, event.step, before, input)),
    ...standing(event, before, actions, input),
  };
}

/** A loop that has failed by what became of its passes has no event of its own. @param at ISO time */
export function failedLoopRow(
  plan: Plan,
  { step, error }: Extract<LoopAction, { type: 'loopFailed' }>,
  at: string,
): StepRow {
  return {
    key: step,
    node: stepOf(plan, step)?.nodeId ?? step,
    status: 'failed',
    attempts: 1,
    startedAt: at,
    finishedAt: at,
    error,
  };
}

function isTold(event: StepEvent): event is Told {
  return event.type === 'fail' || (['emit', 'wait', 'expire'].includes(event.type) && !isFarInLoop(event.step));
}

/** Of a long loop the history has the first passes, and whatever failed. */
function isFarInLoop(step: string): boolean {
  const { pass } = placeOf(step);
  if (pass === undefined) return false;
  return loopOf(pass).index >= passesTold || isFarInLoop(outerLoop(pass));
}

function outerLoop(pass: string): string {
  const { around, loop } = loopOf(pass);
  return stepKey(around, loop);
}

/** Where the input came from: other steps of the same machine, the trigger, or, kept itself, the item of a pass. */
function inputOf(plan: Plan, step: string, { from }: ActiveStep, input: Json): Pick<StepRow, 'input' | 'inputFrom'> {
  const { pass } = placeOf(step);
  const isItem = pass !== undefined && from === stepOf(plan, outerLoop(pass))?.nodeId;
  if (isItem) return { input };
  return { inputFrom: typeof from === 'string' ? stepKey(pass, from) : from.map((key) => stepKey(pass, key)) };
}

type Standing = Pick<StepRow, 'status' | 'finishedAt' | 'port' | 'passesOn' | 'output' | 'error' | 'nextRetryAt'>;

function standing(event: Told, before: ActiveStep, actions: readonly Action[], input: Json | undefined): Standing {
  switch (event.type) {
    case 'wait':
      return { status: 'waiting' };
    case 'emit': {
      const passesOn = input !== undefined && event.data === input;
      const output = passesOn ? { passesOn } : { output: event.data };
      return { status: 'done', finishedAt: event.at, port: event.port, ...output };
    }
    case 'expire': {
      const passesOnAfter = before.wait?.passesOnAfter;
      const left = passesOnAfter === undefined ? { port: 'expired' } : { port: passesOnAfter, passesOn: true };
      return { status: 'done', finishedAt: event.at, ...left };
    }
    case 'fail': {
      const retry = actions.find((action) => action.type === 'retryAt' && action.step === event.step);
      return retry?.type === 'retryAt'
        ? { status: 'retrying', error: event.error, nextRetryAt: retry.at }
        : { status: 'failed', finishedAt: event.at, error: event.error };
    }
  }
}
