import { type Plan, planOf } from './plan.ts';
import { beginMachine, RestoredMachine } from './restored-machine.ts';
import type { Decision, RunState, StepEvent, TriggerEvent } from './run-state.ts';
import type { PassKey } from './step-key.ts';
import { type Machines, Turn } from './turn.ts';

/** The first decision of a run. */
export function startRun(plan: Plan, trigger: TriggerEvent): Decision {
  return { ...beginMachine(plan, trigger), ignored: false };
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

/** Restores each machine once, for a whole burst of events. */
export function decider(plan: Plan, from: RunState): Decider {
  const machines = restored(plan, from);
  let state = from;
  return {
    get state() {
      return state;
    },
    decide(event) {
      const turn = new Turn(machines);
      if (state.outcome || !turn.hear(event)) return { state, actions: [], ignored: true };
      state = stateOf(machines);
      const passes = turn.passChanges();
      return {
        state,
        actions: turn.actions,
        ignored: false,
        ...(turn.failed && { failed: true }),
        ...(passes && { passes }),
      };
    },
  };
}

function restored(plan: Plan, { passes = {}, ...root }: RunState): Machines {
  const restore = ([key, state]: [PassKey, RunState]): [PassKey, RestoredMachine][] => {
    const body = planOf(plan, key);
    return body ? [[key, new RestoredMachine(body, key, state)]] : [];
  };
  return {
    root: new RestoredMachine(plan, undefined, root),
    passes: new Map(Object.entries(passes).flatMap(restore)),
  };
}

function stateOf({ root, passes }: Machines): RunState {
  if (passes.size === 0) return root.state;
  return { ...root.state, passes: Object.fromEntries([...passes].map(([key, { state }]) => [key, state])) };
}
