import { type ErrorData, type Json, readJson, writeJson } from '@millrace/contract';
import { canonicalJson } from './canonical-json.ts';
import { type Decider, decide, decider, startRun } from './decide.ts';
import { own } from './own.ts';
import { type Plan, stepOf } from './plan.ts';
import type { Writer } from './random-flow.fixture.ts';
import { itemOf, noteOf, outputFor, resultOf } from './reference.fixture.ts';
import type { Action, Decision, PassChanges, RunState, StepEvent } from './run-state.ts';
import { type StepScope, stepScope } from './scope.ts';
import { isUnder, loopOf, placeOf, stepKey } from './step-key.ts';
import { activeStep, outstanding } from './stored.ts';

/*
 * For tests only: an engine that does what decisions ask for, in whatever order `pick` says, and stores every state as
 * rows of text, as a real one does. Now and then it dies, and goes on from its rows.
 */

const at = '2026-11-21T08:00:00.000Z';
const refused: ErrorData = { category: 'validation', code: 'REFUSED', message: 'Refused.' };
const unreachable: ErrorData = { category: 'transient', code: 'UNREACHABLE', message: 'No answer.' };

/** The run's own row and one for each pass. */
type Rows = Map<string, string>;

export class SmallEngine {
  readonly #plan: Plan;
  readonly #writer: Writer;
  readonly #pick: (count: number) => number;
  readonly #rows: Rows = new Map();
  readonly #results = new Map<string, Json>();
  /** What each step saw when it was performed. */
  readonly seen = new Map<string, StepScope>();
  readonly notes = new Set<string>();
  /** What has happened, and loops that failed by their passes. */
  readonly events: StepEvent[] = [];
  #todo: Action[] = [];
  #burst: Decider | undefined;

  constructor(plan: Plan, writer: Writer, pick: (count: number) => number) {
    this.#plan = plan;
    this.#writer = writer;
    this.#pick = pick;
  }

  /** @param from where the run stands, if it has begun */
  run(from?: RunState): RunState {
    this.#take(
      from
        ? { state: from, actions: outstanding(from), ignored: false }
        : startRun(this.#plan, { node: 'start', payload: 'payload', meta: {}, at }),
    );
    for (let state = this.#state(); !state.outcome; state = this.#state()) {
      if (this.#pick(10) === 0) this.#die(state);
      const [action] = this.#todo.splice(this.#pick(this.#todo.length), 1);
      if (!action) throw new Error('The run neither ends nor asks for anything.');
      const event = this.#perform(action, state);
      if (!event) continue;
      const decision = this.#decide(state, event);
      // Once the list has ended, the other items that were asked for are no longer expected.
      if (decision.ignored && event.type !== 'noItem') throw new Error('An event was ignored that was asked for.');
      this.#take(decision);
    }
    return this.#state();
  }

  /** A burst of decisions must decide as one that starts from what was stored. */
  #decide(state: RunState, event: StepEvent): Decision {
    this.events.push(event);
    this.#burst ??= decider(this.#plan, state);
    const decision = decide(this.#plan, state, event);
    const inBurst = this.#burst.decide(event);
    if (canonicalJson(inBurst) !== canonicalJson(decision)) throw new Error('A burst decided otherwise.');
    return decision;
  }

  /** Waits and pauses are known from their rows; all else must be asked for again. */
  #die(state: RunState): void {
    const durable = this.#todo.filter(({ type }) => ['openWait', 'retryAt', 'resume'].includes(type));
    this.#todo = [...durable, ...outstanding(state)];
    this.#burst = undefined;
  }

  #take({ state, actions, passes }: Decision): void {
    store(this.#rows, state, passes);
    for (const action of actions) this.#ask(action);
  }

  #ask(action: Action): void {
    if (action.type === 'dropPasses') {
      const isDropped = (step: string) => action.passes.some((pass) => isUnder(pass, step));
      this.#todo = this.#todo.filter(({ step }) => !isDropped(step));
      return;
    }
    if (action.type === 'loopFailed') {
      this.events.push({ type: 'fail', step: action.step, error: action.error, at });
      this.#todo = this.#todo.filter(({ step }) => step !== action.step);
      return;
    }
    if (action.type === 'keepResult')
      this.#results.set(`${action.step}[${action.index}]`, 'error' in action ? 'failed' : resultOf(action.output));
    else if (action.type !== 'alert') this.#todo.push(action);
  }

  #state(): RunState {
    const read = (text = '') => readJson(text) as unknown as RunState;
    const passes = [...this.#rows].filter(([key]) => key !== '').map(([key, text]) => [key, read(text)] as const);
    const root = read(this.#rows.get(''));
    return passes.length === 0 ? root : { ...root, passes: Object.fromEntries(passes) };
  }

  #perform(action: Action, state: RunState): StepEvent | undefined {
    const { step } = action;
    const id = stepOf(this.#plan, step)?.nodeId ?? '';
    const scope = stepScope(this.#plan, state, step);
    switch (action.type) {
      case 'perform':
        return this.#first(id, step, state, scope);
      case 'retryAt':
        return { type: 'retry', step, at };
      case 'openWait':
        return this.#writer.does.get(id) === 'expire'
          ? { type: 'expire', step, at }
          : { type: 'signal', step, signalId: 's', at };
      case 'resume':
        return this.#emit(id, step, scope.input);
      case 'nextItem':
        return action.index < (this.#loop(step)?.passes ?? 0)
          ? { type: 'item', step, index: action.index, input: itemOf(id, scope.input, action.index), at }
          : { type: 'noItem', step, index: action.index, at };
      case 'gather':
        return this.#emit(id, step, this.#gathered(step));
      case 'passEnded':
        return this.#afterPass(action, id, step);
      default:
        return undefined;
    }
  }

  #first(id: string, step: string, state: RunState, scope: StepScope): StepEvent {
    this.notes.add(noteOf(pathOf(this.#plan, step), id, scope.input, scope.item));
    this.seen.set(step, scope);
    const failures = activeStep(state, step)?.failures ?? 0;
    switch (this.#writer.does.get(id)) {
      case 'fail':
        return { type: 'fail', step, error: refused, at };
      case 'failInOddPass':
        return (scope.index ?? 0) % 2 === 0
          ? this.#goOn(id, step, scope.input)
          : { type: 'fail', step, error: refused, at };
      case 'retry':
        if (failures === 0) return { type: 'fail', step, error: unreachable, at };
        return this.#goOn(id, step, scope.input);
      case 'wait':
      case 'expire':
        return { type: 'wait', step, wait: { kind: 'wait', channel: 'c', key: step }, at };
      default:
        return this.#goOn(id, step, scope.input);
    }
  }

  #goOn(id: string, step: string, input: Json): StepEvent {
    const loop = this.#loop(step);
    if (!loop) return this.#emit(id, step, input);
    if (loop.kind === 'repeat') return { type: 'pass', step, input, at };
    const { concurrency, onItemError, passes, isTotalKnown } = loop;
    return { type: 'each', step, concurrency, onItemError, at, ...(isTotalKnown && { total: passes }) };
  }

  #afterPass({ index, output }: Extract<Action, { type: 'passEnded' }>, id: string, step: string): StepEvent {
    const result = resultOf(output);
    return index < (this.#loop(step)?.passes ?? 0)
      ? { type: 'pass', step, input: result, at }
      : this.#emit(id, step, result);
  }

  #gathered(step: string): Json {
    const { passes = 0 } = this.#loop(step) ?? {};
    return Array.from({ length: passes }, (_, index) => this.#results.get(`${step}[${index}]`) ?? null);
  }

  #emit(id: string, step: string, input: Json): StepEvent {
    const port = this.#writer.does.get(id) === 'other' ? 'other' : 'out';
    return { type: 'emit', step, port, data: outputFor(id, input), at };
  }

  #loop(step: string) {
    return this.#writer.loops.get(stepOf(this.#plan, step)?.nodeId ?? '');
  }
}

/** Writes the rows that a decision says have changed, and no others; what results must be the state. */
function store(rows: Rows, { passes = {}, ...root }: RunState, changes: PassChanges | undefined): void {
  if (!changes || changes.root) rows.set('', writeJson(root as unknown as Json));
  for (const pass of changes?.gone ?? []) {
    for (const key of rows.keys()) if (key === pass || isUnder(pass, key)) rows.delete(key);
  }
  for (const pass of changes?.changed ?? []) rows.set(pass, writeJson(own(passes, pass) as unknown as Json));
  const expected = [['', root] as const, ...Object.entries(passes)];
  for (const [key, state] of expected) {
    if (rows.get(key) !== writeJson(state as unknown as Json))
      throw new Error(`The row “${key}” was not said to change.`);
  }
  if (rows.size !== expected.length) throw new Error('A pass is gone, and was not said to be.');
}

/** The passes around a step, by node ids: `n3[1]/n5[0]/`. */
function pathOf(plan: Plan, step: string): string {
  const { pass } = plan.steps.has(step) ? { pass: undefined } : placeOf(step);
  if (pass === undefined) return '';
  const { around, loop, index } = loopOf(pass);
  const outer = stepKey(around, loop);
  return `${pathOf(plan, outer)}${stepOf(plan, outer)?.nodeId}[${index}]/`;
}
