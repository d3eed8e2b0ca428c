import { own } from './own.ts';
import type { Action, ActiveStep, MachineState, RunState, TriggerEvent } from './run-state.ts';
import { type PassKey, passKey, placeOf, type StepKey, stepKey } from './step-key.ts';
import { asksOf } from './translate-loop.ts';

/**
 * What a state has asked of its engine and not been answered: when a run is taken up again after a crash or a pause, all
 * of it is to be done (again). Waits and pauses are not among it, since what ends them comes from outside.
 */
export function outstanding(state: RunState): readonly Action[] {
  return activeSteps(state).flatMap(([step, { waiting, retryAt, passes }]) => {
    if (waiting || retryAt !== undefined) return [];
    return asksOf(step, passes, (index) => own(state.passes ?? {}, passKey(step, index)));
  });
}

/** An active step of a run by its key, in whatever pass it is. */
export function activeStep(state: RunState, step: StepKey): ActiveStep | undefined {
  const { pass, key } = placeOf(step);
  const root = own(state.context.active, step);
  return root ?? (pass === undefined ? undefined : own(own(state.passes ?? {}, pass)?.context.active ?? {}, key));
}

/** Every active step of a run by its key, those in passes included. */
export function activeSteps(state: RunState): readonly (readonly [StepKey, ActiveStep])[] {
  const inPasses = Object.entries(state.passes ?? {}).flatMap(([pass, machine]) => activeIn(machine, pass));
  return [...activeIn(state), ...inPasses];
}

function activeIn({ context }: MachineState, pass?: PassKey): readonly (readonly [StepKey, ActiveStep])[] {
  return Object.entries(context.active).map(([key, active]) => [stepKey(pass, key), active] as const);
}

/** A state without what its trigger brought, which is stored with the run (or as the item of a pass) already. */
export function dehydrate<State extends MachineState>(state: State): State {
  const { node, at } = state.context.trigger;
  return withTrigger(state, { node, at, payload: null, meta: {} });
}

/** The state that was dehydrated. */
export function hydrate<State extends MachineState>(
  state: State,
  trigger: Pick<TriggerEvent, 'payload' | 'meta'>,
): State {
  return withTrigger(state, { ...state.context.trigger, payload: trigger.payload, meta: trigger.meta });
}

function withTrigger<State extends MachineState>(state: State, trigger: TriggerEvent): State {
  return { ...state, context: { ...state.context, trigger } };
}
