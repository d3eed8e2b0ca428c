import type { Json } from '@millrace/contract';
import { type AnyMachineSnapshot, initialTransition, transition } from 'xstate';
import type { MachineEvent } from './machine-logic.ts';
import type { Plan } from './plan.ts';
import type { Action, MachineState, Outcome, RunContext, TriggerEvent } from './run-state.ts';
import { outputOf, outputsByNode } from './scope.ts';
import type { PassKey } from './step-key.ts';

/** One machine of a run, the run's own or a pass's, restored from its state when its first event comes. */
export class RestoredMachine {
  readonly plan: Plan;
  /** None for the run's own. */
  readonly pass: PassKey | undefined;
  #state: MachineState;
  #snapshot: AnyMachineSnapshot | undefined;

  constructor(plan: Plan, pass: PassKey | undefined, state: MachineState) {
    this.plan = plan;
    this.pass = pass;
    this.#state = state;
  }

  get state(): MachineState {
    return this.#state;
  }

  /** Moves on; the actions' steps are keys of this machine. */
  take(event: MachineEvent): readonly Action[] {
    const { value, context } = this.#state;
    this.#snapshot ??= this.plan.machine.resolveState({ value: value as never, context });
    const [snapshot, actions] = transition(this.plan.machine, this.#snapshot, event);
    this.#snapshot = snapshot;
    this.#state = stateOf(this.plan, snapshot);
    return actions.map(asAction);
  }
}

/** A machine's first state, and what it asks for. */
export function beginMachine(plan: Plan, trigger: TriggerEvent): { state: MachineState; actions: readonly Action[] } {
  const [snapshot, actions] = initialTransition(plan.machine, trigger);
  return { state: stateOf(plan, snapshot), actions: actions.map(asAction) };
}

function stateOf(plan: Plan, { value, context, status }: AnyMachineSnapshot): MachineState {
  const state = { value: value as Json, context: context as RunContext };
  return status === 'done' ? { ...state, outcome: outcomeOf(plan, state.context) } : state;
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
