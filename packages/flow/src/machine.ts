import { type AnyStateMachine, assign, createMachine } from 'xstate';
import * as logic from './machine-logic.ts';
import type { Aside, Nest } from './nesting.ts';
import { own } from './own.ts';
import type { StepKey } from './plan.ts';
import { errorPort } from './ports.ts';
import type { RunContext, TriggerEvent } from './run-state.ts';
import type { Exit, Fan, Region, Step } from './structure.ts';

/**
 * Writes a nested flow as a plain XState machine: a step is a state named by its key, an edge a transition on
 * `<step>:<port>`, a fan-out a `parallel` state whose `onDone` leads to its join. Names in brackets are the machine's
 * own and can be no node's id.
 */
export function machineOf(
  id: string,
  nest: Nest,
  keyOf: (step: Step) => StepKey,
  steps: logic.StepOrder,
): AnyStateMachine {
  const config = flowState(id, nest, keyOf);
  const implementations = { actions: actions(steps), guards };
  // The states are made from data, so XState's types cannot know their names.
  return createMachine(config as never, implementations as never);
}

/** The event of a step leaving through a port. */
export function leaving(step: StepKey, port: string): string {
  return `${step}:${port}`;
}

/** State names of the machine's own. */
const states = { start: '(start)', running: '(running)', succeeded: '(succeeded)', failed: '(failed)' } as const;
const endState = '(end)';

/** As much of XState's state configuration as is used. */
interface State {
  readonly id: string;
  readonly type?: 'parallel' | 'final';
  readonly initial?: string;
  readonly states?: Readonly<Record<string, State>>;
  readonly entry?: readonly Call[];
  readonly on?: Readonly<Record<string, Transition>>;
  readonly always?: readonly Transition[];
  readonly onDone?: readonly Transition[];
}
interface Transition {
  readonly target?: string;
  readonly guard?: Call;
  readonly actions?: readonly Call[];
}
interface Call {
  readonly type: string;
  readonly params?: object;
}

type KeyOf = (step: Step) => StepKey;

function flowState(id: string, nest: Nest, keyOf: KeyOf) {
  return {
    id: `(flow ${id})`,
    initial: states.start,
    context: ({ input }: { input?: TriggerEvent }): RunContext => logic.initialContext(input),
    on: stepEvents,
    states: {
      [states.start]: startState(nest, keyOf),
      ...byId([runningState(nest, keyOf), final(states.succeeded), final(states.failed)]),
    },
  };
}

/** The run enters by the trigger that fired. */
function startState({ starts, main }: Nest, keyOf: KeyOf): State {
  const enter = ([trigger, exit]: [string, Exit]): Transition => ({
    guard: { type: 'firedBy', params: { trigger } },
    target: targetOf(exit, main.id, keyOf),
    actions: [{ type: 'begin', params: onward(trigger, exit, keyOf) }],
  });
  return { id: states.start, always: [...starts].map(enter) };
}

/** The whole flow is one region, unless there are side branches to run beside it. */
function runningState({ main, starts, aside }: Nest, keyOf: KeyOf): State {
  const always: readonly Transition[] = [{ guard: { type: 'isOver' }, target: `#${states.succeeded}` }];
  const mainState = regionState(main, [...starts.values()], keyOf);
  if (aside.length === 0) return { ...mainState, always };
  const regions = byId([mainState, ...aside.map((each) => asideState(each, keyOf))]);
  return { id: states.running, type: 'parallel', states: regions, always };
}

/** A side branch sleeps until the port of its step is taken. */
function asideState({ region, step, port }: Aside, keyOf: KeyOf): State {
  const asleep = `${region.id}/(asleep)`;
  const wake = { [leaving(keyOf(step), port)]: { target: targetOf(region.entry, region.id, keyOf) } };
  const state = regionState(region, [region.entry], keyOf);
  return { ...state, initial: asleep, states: { ...state.states, [asleep]: { id: asleep, on: wake } } };
}

function regionState(region: Region, entries: readonly Exit[], keyOf: KeyOf): State {
  const fans = [...entries, ...region.steps.flatMap(({ exits }) => [...exits.values()])].flatMap(fansOf);
  const steps = region.steps.map((step) => stepState(step, region.id, keyOf));
  const end = final(`${region.id}/${endState}`);
  const inner = byId([...steps, ...fans.map((fan) => fanState(fan, region.id, keyOf)), end]);
  return { id: region.id, initial: targetOf(region.entry, region.id, keyOf).slice(1), states: inner };
}

function final(id: string): State {
  return { id, type: 'final' };
}

/** The fan-out that an exit leads into; each exit has its own. */
function fansOf(exit: Exit): readonly Fan[] {
  if (exit.kind === 'split') return fansOf(exit.main);
  return exit.kind === 'fan' ? [exit.fan] : [];
}

function byId(states: readonly State[]): Readonly<Record<string, State>> {
  return Object.fromEntries(states.map((state) => [state.id, state]));
}

function fanState(fan: Fan, regionId: string, keyOf: KeyOf): State {
  const end: Transition = { target: `#${regionId}/${endState}` };
  const join = fan.join && keyOf(fan.join);
  const meet: readonly Transition[] =
    join === undefined
      ? []
      : [
          {
            guard: { type: 'anyArrived', params: { fan: fan.id } },
            target: `#${join}`,
            actions: [{ type: 'meet', params: { fan: fan.id, join } }],
          },
        ];
  return {
    id: fan.id,
    type: 'parallel',
    states: byId(fan.regions.map((each) => regionState(each, [each.entry], keyOf))),
    onDone: [...meet, end],
  };
}

function stepState(step: Step, regionId: string, keyOf: KeyOf): State {
  const key = keyOf(step);
  const on = [...step.exits].map(([port, exit]) => [leaving(key, port), exitOf(key, port, exit, regionId, keyOf)]);
  return { id: key, entry: [{ type: 'perform', params: { step: key } }], on: Object.fromEntries(on) };
}

function exitOf(key: StepKey, port: string, exit: Exit, regionId: string, keyOf: KeyOf): Transition {
  if (port === errorPort && exit.kind === 'end') return { target: `#${states.failed}`, actions: [{ type: 'failRun' }] };
  const type = port === errorPort ? 'divert' : 'advance';
  return { target: targetOf(exit, regionId, keyOf), actions: [{ type, params: onward(key, exit, keyOf) }] };
}

function targetOf(exit: Exit, regionId: string, keyOf: KeyOf): string {
  switch (exit.kind) {
    case 'step':
      return `#${keyOf(exit.step)}`;
    case 'fan':
      return `#${exit.fan.id}`;
    case 'split':
      return targetOf(exit.main, regionId, keyOf);
    default:
      return `#${regionId}/${endState}`;
  }
}

function onward(step: StepKey, exit: Exit, keyOf: KeyOf): logic.Onward {
  const reached = destinations(exit);
  return {
    step,
    starts: reached.flatMap((each) => (each.kind === 'step' ? [keyOf(each.step)] : [])),
    arrives: reached.flatMap((each) => (each.kind === 'join' ? [each.fan.id] : [])),
    ends: exit.kind === 'end',
  };
}

/** The steps and joins that an exit leads to at once. */
export function destinations(exit: Exit): readonly Exclude<Exit, { kind: 'fan' | 'split' }>[] {
  if (exit.kind === 'fan') return exit.fan.regions.flatMap(({ entry }) => destinations(entry));
  if (exit.kind === 'split')
    return [...destinations(exit.main), ...exit.aside.flatMap(({ entry }) => destinations(entry))];
  return [exit];
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
};

/** `perform`, `resume`, `openWait`, `retryAt` and `alert` have no implementation: they are for the engine. */
function actions(steps: logic.StepOrder) {
  return {
    begin: assign(({ context }, onward: logic.Onward) => logic.begin(context as RunContext, onward)),
    advance: assign(({ context, event }: Scope, onward: logic.Onward) => logic.advance(context, event, onward)),
    divert: assign(({ context, event }: Scope, onward: logic.Onward) => logic.divert(context, event, onward)),
    meet: assign(({ context }: Scope, meet: logic.Meet) => logic.meet(context, meet, steps)),
    failRun: assign(({ context, event }: Scope) => logic.failRun(context, event)),
    startWaiting: assign(({ context, event }: Scope) => logic.startWaiting(context, event)),
    startResting: assign(({ context, event }: Scope) => logic.startResting(context, event)),
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
