import type { Json } from '@millrace/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFlow } from './compile.ts';
import { catalogue } from './flows.fixture.ts';
import type { Plan } from './plan.ts';
import { blocks, Writer } from './random-flow.fixture.ts';
import { resultOf } from './reference.fixture.ts';
import { type EndOfStep, type Past, stateAt, withInput } from './replay.ts';
import { atLoop, Run, refused, unreachable } from './run.fixture.ts';
import type { StepEvent } from './run-state.ts';
import { stepInput } from './scope.ts';
import { SmallEngine } from './small-engine.fixture.ts';
import type { ExpressionCheck } from './validate/check-expressions.ts';

const at = '2026-11-21T08:00:00.000Z';
const later = '2026-11-22T08:00:00.000Z';
const trigger = { node: 'start', payload: 'payload', meta: { method: 'POST' }, at };
const emitted = (step: string, data: Json = `${step} done`, port = 'out'): EndOfStep => ({
  type: 'emit',
  step,
  port,
  data,
  at,
});
const failed = (step: string): EndOfStep => ({ type: 'fail', step, error: refused, at });
const pastOf = (...ends: EndOfStep[]): Past => ({ trigger, ends });
const planOf = (edges: string) => new Run(edges).plan;
const activeIn = (plan: Plan, step: string, past: Past) =>
  Object.keys(stateAt(plan, step, past, later).state.context.active);

/** How the run's own steps ended, as its history would have it. */
function endsOf(plan: Plan, events: readonly StepEvent[]): readonly EndOfStep[] {
  const ends = new Map<string, EndOfStep>();
  for (const event of events) {
    if (!plan.steps.has(event.step)) continue;
    if (event.type === 'emit' || event.type === 'fail') ends.set(event.step, event);
    if (event.type === 'expire') ends.set(event.step, { ...event, wait: { kind: 'wait', channel: 'c', key: 'k' } });
  }
  return [...ends.values()];
}

const readsNothing: ExpressionCheck = () => ({ steps: [], readsAllSteps: false, params: [], variables: [] });

test('R-X3 a random flow that is replayed from any of its steps ends as it ended', () => {
  const numbers = fc.infiniteStream(fc.nat({ max: 1000 }));
  fc.assert(
    fc.property(blocks(3, 3, 1), numbers, fc.boolean(), (tree, order, isLive) => {
      const pick = (count: number) => (order.next().value ?? 0) % count;
      const writer = new Writer(tree);
      const plan = compileFlow(writer.document(), catalogue, 'hash', isLive ? readsNothing : undefined);
      const first = new SmallEngine(plan, writer, pick);
      const { outcome } = first.run();
      const ends = endsOf(plan, first.events);
      const step = ends[pick(ends.length)]?.step ?? '';

      const { state } = stateAt(plan, step, { trigger: { ...trigger, meta: {} }, ends }, later);
      expect(Object.keys(state.context.active)).toEqual([step]);
      const again = new SmallEngine(plan, writer, pick);
      expect(resultOf(outputIn(again.run(state)))).toEqual(resultOf(outputIn({ outcome })));
      // What nobody reads leaves a state sooner or later, as the order of things has it.
      const seenBy = ({ seen }: SmallEngine) => (isLive ? seen.get(step)?.input : seen.get(step));
      expect(seenBy(again)).toEqual(seenBy(first));
      // Which passes of a loop that fails have run by then, chance decides.
      const isNews = (note: string) => !first.notes.has(note) && !/^\w+\[/.test(note);
      expect([...again.notes].filter(isNews)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

function outputIn({
  outcome,
}: {
  readonly outcome?: { readonly outcome: string; readonly output?: Json } | undefined;
}) {
  expect(outcome?.outcome).toBe('succeeded');
  return outcome?.output ?? null;
}

describe('R-X3 the state before a step', () => {
  test('has the outputs that led there and nothing of what came after', () => {
    const plan = planOf('start > a, a > b, b > c');
    const { state, told } = stateAt(plan, 'b', pastOf(emitted('a'), emitted('b'), emitted('c')), later);
    expect(state.context.outputs).toEqual({ a: 'a done' });
    expect(state.context.active).toMatchObject({ b: { from: 'a', failures: 0, activatedAt: later } });
    expect([...told]).toEqual([['a', 'start']]);
  });

  test('counts a branch that had ended as ended, so that the join gets what it brought', () => {
    const plan = planOf('start > a, start > b, a > join, b > join');
    const { state } = stateAt(plan, 'a', pastOf(emitted('a'), emitted('b'), emitted('join')), later);
    expect(Object.keys(state.context.active)).toEqual(['a']);
    expect(Object.values(state.context.arrivals)).toEqual([[{ from: 'b' }]]);
  });

  test('lets a branch that had not ended, or by which the run failed, go on as well', () => {
    const plan = planOf('start > a, start > b, a > join, b > join');
    expect(activeIn(plan, 'a', pastOf(emitted('a'), failed('b')))).toEqual(['a', 'b']);
    expect(activeIn(plan, 'a', pastOf(emitted('a')))).toEqual(['a', 'b']);
  });

  test('knows the error behind an error port, and does not try again what had been tried to the last', () => {
    const plan = planOf('start > a, a.error > handler');
    const unanswered: EndOfStep = { type: 'fail', step: 'a', error: unreachable, at };
    const { state } = stateAt(plan, 'handler', pastOf(unanswered, emitted('handler')), later);
    expect(state.context.active.handler).toMatchObject({ from: 'start', errorOf: 'a' });
    expect(state.context.errors).toEqual({ a: unreachable });
  });

  test('knows what a wait that expired gave, where it has a port for that and where it has none', () => {
    const wait = { kind: 'wait', channel: 'c', key: 'k' } as const;
    const expired: EndOfStep = { type: 'expire', step: 'a', wait, at };
    const nodes = { a: { type: 'test/wait' } };
    const byPort = new Run('start > a, a.expired > b', { nodes }).plan;
    expect(stateAt(byPort, 'b', pastOf(expired), later).state.context.outputs).toEqual({
      a: { channel: 'c', key: 'k', expiredAt: at },
    });
    const byError = planOf('start > a, a.error > b');
    expect(stateAt(byError, 'b', pastOf(expired), later).state.context.errors).toMatchObject({
      a: { code: 'WAIT_EXPIRED' },
    });
  });

  test('takes a loop as a whole; from inside a pass, or where the run never came, there is no replay', () => {
    const { plan } = atLoop();
    const past = pastOf(emitted('before'), emitted('loop'), emitted('after'));
    expect(activeIn(plan, 'after', past)).toEqual(['after']);
    expect(activeIn(plan, 'loop', past)).toEqual(['loop']);
    const replay = (step: string) => () => stateAt(plan, step, past, later);
    expect(replay('loop[0]/send')).toThrow(expect.objectContaining({ code: 'REPLAY_IN_LOOP' }));
    expect(replay('handler')).toThrow(expect.objectContaining({ code: 'REPLAY_NOT_REACHED' }));
    expect(replay('nowhere')).toThrow(expect.objectContaining({ code: 'REPLAY_STEP_UNKNOWN' }));
  });
});

describe('R-X3 an edited input', () => {
  const edited = (edges: string, step: string, ends: EndOfStep[], input: Json) => {
    const plan = planOf(edges);
    const state = withInput(plan, stateAt(plan, step, pastOf(...ends), later).state, step, input);
    return { state, input: stepInput(plan, state, step) };
  };

  test('stands for what the step before has given, or for the trigger’s payload', () => {
    const behindStep = edited('start > a, a > b', 'b', [emitted('a')], { qty: 3 });
    expect(behindStep.input).toEqual({ qty: 3 });
    const behindTrigger = edited('start > a', 'a', [], null);
    expect(behindTrigger.input).toBeNull();
    expect(behindTrigger.state.context.trigger.payload).toBeNull();
  });

  test('of a join has the fields of its branches, and no others', () => {
    const edges = 'start > a, start > b, a > join, b > join';
    const ends = [emitted('a'), emitted('b')];
    expect(edited(edges, 'join', ends, { a: 1, b: 2 }).input).toEqual({ a: 1, b: 2 });
    for (const input of [{ a: 1 }, { a: 1, b: 2, c: 3 }, [1, 2], 'a'])
      expect(() => edited(edges, 'join', ends, input)).toThrow(
        expect.objectContaining({ code: 'REPLAY_INPUT_MISFIT' }),
      );
  });
});
