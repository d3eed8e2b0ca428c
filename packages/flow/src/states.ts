import type { Meet, Onward } from './machine-logic.ts';
import type { Aside, Nest } from './nesting.ts';
import { errorPort } from './ports.ts';
import type { StepKey } from './step-key.ts';
import type { Exit, Fan, Region, Step } from './structure.ts';

/*
 * Writes a nested flow as XState states: a step is a state, an edge a transition on `<step>:<port>`, a fan-out a
 * `parallel` state whose `onDone` leads to its join. Ids are unique in the machine (a step's is its key); the names in a
 * state value are short, since they are stored with every run. Names in brackets are the machine's own, no node's id.
 */

/** As much of XState's state configuration as is used; `key` is the name among the states beside it. */
export interface State {
  readonly key: string;
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

/** The event of a step leaving through a port. */
export function leaving(step: StepKey, port: string): string {
  return `${step}:${port}`;
}

/** The states of a whole flow; the first is the initial one. */
export function flowStates(nest: Nest): Readonly<Record<string, State>> {
  return byKey([startState(nest), runningState(nest), final('(succeeded)'), final('(failed)')]);
}

/** The run enters by the trigger that fired. */
function startState({ starts, main }: Nest): State {
  const enter = ([trigger, exit]: [string, Exit]): Transition => ({
    guard: { type: 'firedBy', params: { trigger } },
    target: targetOf(exit, main),
    actions: [{ type: 'begin', params: onward(trigger, exit) }],
  });
  return { key: '(start)', id: '(start)', always: [...starts].map(enter) };
}

/** The whole flow is one region, unless there are side branches to run beside it. */
function runningState({ main, starts, aside }: Nest): State {
  const always: readonly Transition[] = [{ guard: { type: 'isOver' }, target: '#(succeeded)' }];
  const mainState = regionState(main, [...starts.values()]);
  if (aside.length === 0) return { ...mainState, always };
  const states = byKey([mainState, ...aside.map(asideState)]);
  return { key: '(running)', id: '(running)', type: 'parallel', states, always };
}

/** A side branch sleeps until the port of its step is taken. */
function asideState({ region, step, port }: Aside): State {
  const wake = { [leaving(step.key, port)]: { target: targetOf(region.entry, region) } };
  const asleep: State = { key: '(asleep)', id: `${region.id}/(asleep)`, on: wake };
  const state = regionState(region, [region.entry]);
  return { ...state, key: region.id, initial: asleep.key, states: { ...state.states, ...byKey([asleep]) } };
}

/** @param entries exits that lead into the region from outside */
function regionState(region: Region, entries: readonly Exit[]): State {
  const exits = [...entries, ...region.steps.flatMap((step) => [...step.exits.values()])];
  const steps = region.steps.map((step) => stepState(step, region));
  const fans = exits.flatMap(fansOf).map((fan) => fanState(fan, region));
  const states = byKey([...steps, ...fans, final('(end)', endOf(region))]);
  return { key: region.key, id: region.id, initial: initialKey(region.entry), states };
}

function initialKey(entry: Exit): string {
  if (entry.kind === 'step') return entry.step.node.id;
  return entry.kind === 'fan' ? entry.fan.key : '(end)';
}

function final(key: string, id = key): State {
  return { key, id, type: 'final' };
}

function endOf(region: Region): string {
  return `${region.id}/(end)`;
}

function byKey(states: readonly State[]): Readonly<Record<string, State>> {
  return Object.fromEntries(states.map((state) => [state.key, state]));
}

/** The fan-out that an exit leads into; each exit has its own. */
function fansOf(exit: Exit): readonly Fan[] {
  if (exit.kind === 'split') return fansOf(exit.main);
  return exit.kind === 'fan' ? [exit.fan] : [];
}

function fanState(fan: Fan, region: Region): State {
  return {
    key: fan.key,
    id: fan.id,
    type: 'parallel',
    states: byKey(fan.regions.map((each) => regionState(each, [each.entry]))),
    onDone: [...(fan.join ? [meeting(fan, fan.join)] : []), { target: `#${endOf(region)}` }],
  };
}

function meeting({ id }: Fan, { key }: Step): Transition {
  const params: Meet = { fan: id, join: key };
  return { guard: { type: 'anyArrived', params }, target: `#${key}`, actions: [{ type: 'meet', params }] };
}

function stepState({ key, node, exits }: Step, region: Region): State {
  const on = [...exits].map(([port, exit]) => [leaving(key, port), leave(key, port, exit, region)]);
  return { key: node.id, id: key, entry: [{ type: 'perform', params: { step: key } }], on: Object.fromEntries(on) };
}

function leave(step: StepKey, port: string, exit: Exit, region: Region): Transition {
  if (port === errorPort && exit.kind === 'end') return { target: '#(failed)', actions: [{ type: 'failRun' }] };
  const type = port === errorPort ? 'divert' : 'advance';
  return { target: targetOf(exit, region), actions: [{ type, params: onward(step, exit) }] };
}

function targetOf(exit: Exit, region: Region): string {
  if (exit.kind === 'split') return targetOf(exit.main, region);
  if (exit.kind === 'step') return `#${exit.step.key}`;
  return exit.kind === 'fan' ? `#${exit.fan.id}` : `#${endOf(region)}`;
}

function onward(step: StepKey, exit: Exit): Onward {
  const reached = destinations(exit);
  return {
    step,
    starts: reached.flatMap((each) => (each.kind === 'step' ? [each.step.key] : [])),
    arrives: reached.flatMap((each) => (each.kind === 'join' ? [each.fan.id] : [])),
    ends: exit.kind === 'end',
  };
}

/** The steps and joins that an exit leads to at once. */
export function destinations(exit: Exit): readonly Exclude<Exit, { kind: 'fan' | 'split' }>[] {
  if (exit.kind === 'fan') return exit.fan.regions.flatMap(({ entry }) => destinations(entry));
  if (exit.kind === 'split') {
    return [...destinations(exit.main), ...exit.aside.flatMap(({ entry }) => destinations(entry))];
  }
  return [exit];
}
