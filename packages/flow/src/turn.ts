import type { ErrorData } from '@millrace/contract';
import { passFailed } from './failure.ts';
import { own } from './own.ts';
import { passIsOver } from './passes.ts';
import { beginMachine, RestoredMachine } from './restored-machine.ts';
import type {
  Action,
  EachPasses,
  LoopEvent,
  MachineState,
  Outcome,
  PassChanges,
  Passes,
  PassResult,
  StepEvent,
} from './run-state.ts';
import { isUnder, loopOf, type PassKey, passKey, placeOf, type StepKey, stepKey } from './step-key.ts';
import { failed, type Place, type Translated, translate } from './translate.ts';
import { accounted, asksOf, type TranslatedLoop, translateLoop } from './translate-loop.ts';

/** The machines of a run. */
export interface Machines {
  readonly root: RestoredMachine;
  readonly passes: Map<PassKey, RestoredMachine>;
}

/**
 * What one event sets in motion: in the machine of its step, in passes that begin by it, and, where a pass ends, in the
 * machine around it. Each machine alone decides for its own steps; here is only who hears of whom.
 */
export class Turn {
  readonly actions: Action[] = [];
  /** The step of the event has failed by it. */
  failed = false;
  readonly #machines: Machines;
  readonly #changed = new Set<PassKey>();
  readonly #gone = new Set<PassKey>();
  #root = false;

  constructor(machines: Machines) {
    this.#machines = machines;
  }

  /** @returns whether the event was for a step that is active and in the state for it */
  hear(event: StepEvent): boolean {
    const machine = this.#machineOf(event.step);
    const place = machine && placeIn(machine, machine === this.#machines.root ? event.step : placeOf(event.step).key);
    if (!place) return false;
    const translated = isLoopEvent(event)
      ? translateLoop(place, event, (index) => this.#passState(event.step, index))
      : translate(place, event);
    if (translated) this.#move(machine, translated);
    this.failed = translated?.failed ?? false;
    return translated !== undefined;
  }

  /** Nothing where only the run's own machine has moved. */
  passChanges(): PassChanges | undefined {
    if (this.#changed.size === 0 && this.#gone.size === 0) return undefined;
    const changed = [...this.#changed].sort((a, b) => a.length - b.length);
    return { changed, gone: [...this.#gone], root: this.#root };
  }

  #machineOf(step: StepKey): RestoredMachine | undefined {
    const { root } = this.#machines;
    return root.plan.steps.has(step) ? root : this.#machineAt(placeOf(step).pass);
  }

  #machineAt(pass: PassKey | undefined): RestoredMachine | undefined {
    return pass === undefined ? this.#machines.root : this.#machines.passes.get(pass);
  }

  #passState(loop: StepKey, index: number): MachineState | undefined {
    return this.#machines.passes.get(passKey(loop, index))?.state;
  }

  #move(machine: RestoredMachine, { event, alerts, begins }: TranslatedLoop): void {
    const before = machine.state;
    const actions = machine.take(event);
    this.#noteMoved(machine);
    this.#ask(machine, [...actions, ...alerts]);
    this.#closePasses(machine, before);
    if (begins) this.#begin(machine, event, begins);
    if (machine.state.outcome && !before.outcome) this.#end(machine, machine.state.outcome, event.at);
  }

  #noteMoved({ pass }: RestoredMachine): void {
    if (pass === undefined) this.#root = true;
    else this.#changed.add(pass);
  }

  #ask({ pass, state }: RestoredMachine, actions: readonly Action[]): void {
    for (const action of actions) {
      const step = stepKey(pass, action.step);
      const passes = own(state.context.active, action.step)?.passes;
      // A loop that has begun is not performed anew after a pause, but asks again for what it was waiting for.
      if (action.type === 'perform')
        this.actions.push(...asksOf(step, passes, (index) => this.#passState(step, index)));
      else this.actions.push(pass === undefined ? action : { ...action, step });
    }
  }

  #begin(
    around: RestoredMachine,
    { step, at }: Translated['event'],
    { index, input }: NonNullable<TranslatedLoop['begins']>,
  ) {
    const loop = around.plan.steps.get(step);
    if (!loop?.body) return;
    const pass = passKey(stepKey(around.pass, step), index);
    const begun = beginMachine(loop.body, { node: loop.nodeId, payload: input, meta: {}, at });
    const machine = new RestoredMachine(loop.body, pass, begun.state);
    this.#machines.passes.set(pass, machine);
    this.#noteMoved(machine);
    this.#ask(machine, begun.actions);
    if (begun.state.outcome) this.#end(machine, begun.state.outcome, at);
  }

  /** A machine has ended. The run's own has nobody around it; a pass's outcome is its loop's affair. */
  #end({ pass }: RestoredMachine, outcome: Outcome, at: string): void {
    if (pass === undefined) return;
    const { around, loop, index } = loopOf(pass);
    const machine = this.#machineAt(around);
    const place = machine && placeIn(machine, loop);
    if (!place) return;
    const { passes } = place.active;
    const isKept = outcome.outcome === 'succeeded' || countsFailures(passes);
    if (passes?.kind === 'each' && isKept) this.#keep(machine, place, passes, index, resultOf(outcome), at);
    else if (outcome.outcome === 'succeeded')
      this.actions.push({ type: 'passEnded', step: place.key, index, output: outcome.output, at });
    else this.#fail(machine, place, passFailed(outcome.error, index, stepKey(pass, outcome.step ?? '')), at);
  }

  #keep(
    machine: RestoredMachine,
    place: Place,
    passes: EachPasses,
    index: number,
    result: PassResult,
    at: string,
  ): void {
    this.actions.push({ type: 'keepResult', step: place.key, index, ...result });
    this.#move(machine, accounted(place, at, passIsOver(passes, index, 'error' in result)));
  }

  /** A failed pass is final for its loop. */
  #fail(machine: RestoredMachine, place: Place, error: ErrorData, at: string): void {
    this.actions.push({ type: 'loopFailed', step: place.key, error });
    this.#move(machine, failed(place, error, at, true));
  }

  /** Passes that their loop no longer counts as under way are gone; in those that did not succeed steps may be under way. */
  #closePasses({ plan, pass, state }: RestoredMachine, before: MachineState): void {
    for (const { key } of plan.loops) {
      const closed = closedBetween(runningIn(before, key), runningIn(state, key));
      if (closed.length === 0) continue;
      const step = stepKey(pass, key);
      const isBroken = (index: number) => this.#passState(step, index)?.outcome?.outcome !== 'succeeded';
      const passes = closed.filter(isBroken).map((index) => passKey(step, index));
      if (passes.length > 0) this.actions.push({ type: 'dropPasses', step, passes });
      for (const index of closed) this.#remove(passKey(step, index));
    }
  }

  #remove(pass: PassKey): void {
    this.#gone.add(pass);
    for (const key of this.#machines.passes.keys()) {
      if (key !== pass && !isUnder(pass, key)) continue;
      this.#machines.passes.delete(key);
      this.#changed.delete(key);
    }
  }
}

function placeIn({ plan, pass, state: { context } }: RestoredMachine, key: StepKey): Place | undefined {
  const step = plan.steps.get(key);
  const active = own(context.active, key);
  return step && active && { plan, context, step, active, key: stepKey(pass, key) };
}

function isLoopEvent(event: StepEvent): event is LoopEvent {
  return ['each', 'item', 'noItem', 'pass'].includes(event.type);
}

function countsFailures(passes: Passes | undefined): boolean {
  return passes?.kind === 'each' && passes.onItemError === 'continue';
}

function resultOf(outcome: Outcome): PassResult {
  return outcome.outcome === 'succeeded' ? { output: outcome.output } : { error: outcome.error };
}

const none: readonly number[] = [];

function runningIn({ context }: MachineState, loop: StepKey): readonly number[] {
  return own(context.active, loop)?.passes?.running ?? none;
}

/** Lists that did not change are the same list, so nearly always there is nothing to compare. */
function closedBetween(before: readonly number[], after: readonly number[]): readonly number[] {
  if (before === after || before.length === 0) return none;
  const running = new Set(after);
  return before.filter((index) => !running.has(index));
}
