import { isObject, type Json, MillraceError, type Wait } from '@millrace/contract';
import { decide, startRun } from './decide.ts';
import { own } from './own.ts';
import { type Plan, stepOf } from './plan.ts';
import type { ActiveStep, RunContext, RunState, StepEvent, TriggerEvent } from './run-state.ts';
import { outputsByNode } from './scope.ts';
import type { StepKey } from './step-key.ts';

/** How a step of a run came to its end: what it emitted, the error with which it failed for good, or a wait that expired. */
export type EndOfStep =
  | Extract<StepEvent, { type: 'emit' | 'fail' }>
  | (Extract<StepEvent, { type: 'expire' }> & { readonly wait: Wait });

/** What is known of a run that has been. */
export interface Past {
  readonly trigger: TriggerEvent;
  /** How its own steps ended, at most once each; what happened in passes of loops is not asked for. */
  readonly ends: readonly EndOfStep[];
}

/** A run as it stood before one of its steps. */
export interface Replay {
  readonly state: RunState;
  /** The steps that had ended by then, in order, each with where its input came from. */
  readonly told: ReadonlyMap<StepKey, ActiveStep['from']>;
}

/**
 * The state in which a step is about to be performed again. The machine is told once more how all others ended, except
 * those that the step led to: so its value, joins and what may still be read are what they would be. Other branches that
 * had ended have ended; one that had not goes on from its own open step, since a join, or the world, still waits for it.
 * @param at ISO time of the replay: the step's `$now`
 * @throws {MillraceError} `REPLAY_STEP_UNKNOWN`, `REPLAY_IN_LOOP`, `REPLAY_NOT_REACHED`
 */
export function stateAt(plan: Plan, step: StepKey, past: Past, at: string): Replay {
  refuseUnlessOwn(plan, step);
  const told = new Map<StepKey, ActiveStep['from']>();
  let { state } = startRun(plan, past.trigger);
  const left = new Set(inTime(past.ends.filter((end) => end.step !== step)));
  for (let end = nextOf(left, state); end; end = nextOf(left, state)) {
    left.delete(end);
    const next = after(plan, state, end);
    // What the run failed by has not ended yet.
    if (next.outcome?.outcome === 'failed') continue;
    told.set(end.step, state.context.active[end.step]?.from ?? []);
    state = next;
  }
  if (!own(state.context.active, step)) throw notReached(step);
  return { state: anewAt(state, at), told };
}

function inTime(ends: readonly EndOfStep[]): readonly EndOfStep[] {
  return ends.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function after(plan: Plan, state: RunState, end: EndOfStep): RunState {
  if (end.type === 'fail') return decide(plan, state, { ...end, final: true }).state;
  if (end.type === 'emit') return decide(plan, state, end).state;
  const { wait, ...expire } = end;
  const waiting = decide(plan, state, { type: 'wait', step: end.step, wait, at: end.at });
  return decide(plan, waiting.state, expire).state;
}

/** Times alone do not say what came first: clocks differ, and pure steps take no time. */
function nextOf(left: ReadonlySet<EndOfStep>, { context }: RunState): EndOfStep | undefined {
  for (const end of left) if (own(context.active, end.step)) return end;
  return undefined;
}

/** What is active begins now: so a flow that it calls is called anew, and does not count as the one called before. */
function anewAt(state: RunState, at: string): RunState {
  const active = Object.entries(state.context.active).map(
    ([key, each]) => [key, { ...each, activatedAt: at }] as const,
  );
  return withContext(state, { at, active: Object.fromEntries(active) });
}

/**
 * The state with another input for an active step: what the steps before it, or the trigger, are said to have given.
 * At a join it is an object with exactly the fields that the input has.
 * @throws {MillraceError} `REPLAY_INPUT_MISFIT`
 */
export function withInput(plan: Plan, state: RunState, step: StepKey, input: Json): RunState {
  const from = own(state.context.active, step)?.from ?? [];
  if (typeof from === 'string') return withOutputs(state, [[from, input]]);
  const names = Object.keys(outputsByNode(plan, state.context, from));
  if (!isObject(input) || !hasExactly(input, names)) throw misfit(step, names);
  return withOutputs(
    state,
    from.map((key, index) => [key, own(input, names[index] ?? '') ?? null]),
  );
}

function withOutputs(state: RunState, outputs: readonly (readonly [StepKey, Json])[]): RunState {
  const { trigger } = state.context;
  const payload = outputs.find(([key]) => key === trigger.node);
  const ofSteps = outputs.filter(([key]) => key !== trigger.node);
  return withContext(state, {
    outputs: { ...state.context.outputs, ...Object.fromEntries(ofSteps) },
    ...(payload && { trigger: { ...trigger, payload: payload[1] } }),
  });
}

function withContext(state: RunState, changes: Partial<RunContext>): RunState {
  return { ...state, context: { ...state.context, ...changes } };
}

function hasExactly(object: object, names: readonly string[]): boolean {
  const keys = Object.keys(object);
  return keys.length === names.length && names.every((name) => Object.hasOwn(object, name));
}

function refuseUnlessOwn(plan: Plan, step: StepKey): void {
  if (plan.steps.has(step)) return;
  const inLoop = stepOf(plan, step) !== undefined;
  throw inLoop
    ? refusal('REPLAY_IN_LOOP', `“${step}” is inside a loop; replay from the loop itself.`)
    : refusal('REPLAY_STEP_UNKNOWN', `The run’s flow has no step “${step}”.`);
}

function notReached(step: StepKey): MillraceError {
  return refusal('REPLAY_NOT_REACHED', `The run never came to “${step}”.`);
}

function refusal(code: string, message: string): MillraceError {
  return new MillraceError(code, message, { pointer: '/from' });
}

function misfit(step: StepKey, names: readonly string[]): MillraceError {
  const message = `“${step}” joins branches: its input must be an object with exactly the fields ${names.join(', ')}.`;
  return new MillraceError('REPLAY_INPUT_MISFIT', message, { pointer: '/input' });
}
