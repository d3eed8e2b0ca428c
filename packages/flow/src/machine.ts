import { type AnyStateMachine, assign, createMachine } from 'xstate';
import * as logic from './machine-logic.ts';
import type { Nest } from './nesting.ts';
import { own } from './own.ts';
import type { RunContext, TriggerEvent } from './run-state.ts';
import { flowStates } from './states.ts';

/** A nested flow as a plain XState machine: it can be drawn, and `transition` decides with it. */
export function machineOf(id: string, nest: Nest, steps: logic.StepRules): AnyStateMachine {
  const config = {
    id: `(flow ${id})`,
    context: ({ input }: { input?: TriggerEvent }): RunContext => logic.initialContext(input),
    initial: '(start)',
    states: flowStates(nest),
    on: stepEvents,
  };
  // The states are made from data, so XState's types cannot know their names.
  return createMachine(config as never, { actions: actions(steps), guards } as never);
}

interface Scope {
  readonly context: RunContext;
  readonly event: logic.MachineEvent;
}

/** What happens to a step without moving the run on; the same wherever the run stands. */
const stepEvents = {
  wait: {
    guard: 'isActive',
    actions: [
      'startWaiting',
      { type: 'openWait', params: ({ event }: Scope) => ({ step: event.step, wait: event.wait }) },
    ],
  },
  signal: {
    guard: 'isWaiting',
    actions: [{ type: 'resume', params: ({ event }: Scope) => ({ step: event.step, signalId: event.signalId }) }],
  },
  due: {
    guard: 'isWaiting',
    actions: [{ type: 'alert', params: ({ event }: Scope) => ({ step: event.step, ...event.alert }) }],
  },
  retry: {
    guard: 'isResting',
    actions: ['stopResting', { type: 'perform', params: ({ event }: Scope) => ({ step: event.step }) }],
  },
  rest: {
    guard: 'isActive',
    actions: [
      'startResting',
      { type: 'retryAt', params: ({ event }: Scope) => ({ step: event.step, at: event.retryAt, error: event.error }) },
    ],
  },
  passes: { guard: 'isActive', actions: ['keepPasses'] },
};

/** `perform`, `resume`, `openWait`, `retryAt` and `alert` have no implementation: they are for the engine. */
function actions(steps: logic.StepRules) {
  return {
    begin: assign(({ context }, onward: logic.Onward) => logic.begin(context as RunContext, onward)),
    advance: assign(({ context, event }: Scope, onward: logic.Onward) => logic.advance(context, event, onward, steps)),
    divert: assign(({ context, event }: Scope, onward: logic.Onward) => logic.divert(context, event, onward, steps)),
    meet: assign(({ context }: Scope, meet: logic.Meet) => logic.meet(context, meet, steps)),
    failRun: assign(({ context, event }: Scope) => logic.failRun(context, event)),
    startWaiting: assign(({ context, event }: Scope) => logic.startWaiting(context, event)),
    startResting: assign(({ context, event }: Scope) => logic.startResting(context, event)),
    keepPasses: assign(({ context, event }: Scope) => logic.keepPasses(context, event)),
    stopResting: assign(({ context, event }: Scope) => logic.stopResting(context, event)),
  };
}

const guards = {
  firedBy: ({ context }: Scope, { trigger }: { trigger: string }) => context.trigger.node === trigger,
  isOver: ({ context }: Scope) => logic.isOver(context),
  anyArrived: ({ context }: Scope, { fan }: { fan: string }) => Object.hasOwn(context.arrivals, fan),
  isActive: ({ context, event }: Scope) => Object.hasOwn(context.active, event.step),
  isResting: ({ context, event }: Scope) => own(context.active, event.step)?.retryAt !== undefined,
  isWaiting: ({ context, event }: Scope) => own(context.active, event.step)?.waiting === true,
};
