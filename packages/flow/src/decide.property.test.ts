import type { Json } from '@millrace/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFlow } from './compile.ts';
import { decide, startRun } from './decide.ts';
import type { FlowDocument } from './document.ts';
import { catalogue } from './flows.fixture.ts';
import { blocks, Writer } from './random-flow.fixture.ts';
import { Reference, resultOf } from './reference.fixture.ts';
import type { StepEvent } from './run-state.ts';
import { SmallEngine } from './small-engine.fixture.ts';
import type { ExpressionCheck } from './validate/check-expressions.ts';
import { checkGraph } from './validate/check-graph.ts';

const at = '2026-11-21T08:00:00.000Z';
const anyFlow = blocks(3, 3, 1);
const picks = fc.infiniteStream(fc.nat({ max: 1000 }));
const handlers = fc.constantFrom('edges' as const, 'onError' as const);

/** A number below `count`, the next one of a stream. */
const pickFrom = (order: Iterator<number>) => (count: number) => (order.next().value ?? 0) % count;

/** Names in `$steps.<name>`, and `$steps` alone for all. */
const reads: ExpressionCheck = (text) => ({
  steps: [...text.matchAll(/\$steps\.(\w+)/g)].map(([, id]) => id as string),
  readsAllSteps: /\$steps(?!\.)/.test(text),
  params: [],
  variables: text.includes('$error') ? ['error'] : [],
});

describe('a random well-nested flow', () => {
  /*
   * It is run twice: by the compiled machines, with steps, items and passes finishing in any order, every state stored
   * and the engine dying now and then; and by the reference. Both must perform the same steps on the same inputs and
   * items, and end alike.
   */
  test('in whatever order things happen, it performs the same steps on the same inputs and ends alike', () => {
    fc.assert(
      fc.property(anyFlow, picks, handlers, fc.boolean(), (tree, order, handled, isLive) => {
        const writer = new Writer(tree, handled);
        const reference = new Reference(writer, 'payload');
        const expected = reference.result([tree]);
        const plan = compileFlow(writer.document(), catalogue, 'hash', isLive ? reads : undefined);
        const engine = new SmallEngine(plan, writer, pickFrom(order));
        const { outcome } = engine.run();
        const { performed } = reference;
        expect(performed.sure(engine.notes)).toEqual(performed.sure());
        expect(outcome?.outcome === 'succeeded' && resultOf(outcome.output)).toEqual(expected);
      }),
      { numRuns: 250 },
    );
  });

  test('shows each step the same of what it reads, whether or not the state is rid of what nobody reads', () => {
    const named = fc.array(fc.array(fc.nat({ max: 40 }), { maxLength: 3 }), { minLength: 60, maxLength: 60 });
    const textOf = (names: readonly (readonly number[])[]) => (_id: string, index: number) => {
      const some = names[index % names.length] ?? [];
      return `{% ${some.map((n) => (n === 0 ? '$steps' : n % 10 === 0 ? '$error' : `$steps.n${n}`)).join(' ')} %}`;
    };
    fc.assert(
      fc.property(anyFlow, named, fc.array(fc.nat({ max: 1000 }), { minLength: 50 }), (tree, names, order) => {
        const writer = new Writer(tree);
        const document = writer.document(textOf(names));
        const [kept, live] = [undefined, reads].map((check) => {
          const engine = new SmallEngine(compileFlow(document, catalogue, 'hash', check), writer, cycling(order));
          return { outcome: engine.run().outcome, seen: readable(engine, document) };
        });
        expect(live).toEqual(kept);
      }),
      { numRuns: 150 },
    );
  });
});

/** The same choices for each of two runs. */
function cycling(numbers: readonly number[]): (count: number) => number {
  let next = 0;
  return (count) => {
    next += 1;
    return (numbers[next % numbers.length] ?? 0) % count;
  };
}

/** What each step saw of what its text names. */
function readable(engine: SmallEngine, { nodes }: FlowDocument): Json {
  const rows = [...engine.seen].map(([step, { steps, error, ...scope }]) => {
    const id = /[^/]+$/.exec(step)?.[0] ?? '';
    const names = reads(String(nodes[id]?.config.text));
    const named = Object.entries(steps).filter(([name]) => names.readsAllSteps || names.steps.includes(name));
    return [step, { ...scope, steps: Object.fromEntries(named), error: names.variables.length > 0 ? error : null }];
  });
  return Object.fromEntries(rows);
}

describe('any graph without circles', () => {
  const ports = ['out', 'out', 'out', 'other', 'bad', 'error'] as const;
  const edge = fc.record({ from: fc.nat({ max: 9 }), to: fc.nat({ max: 9 }), port: fc.constantFrom(...ports) });

  /** Edges lead from lower to higher numbers; what nothing leads to is started by the trigger. */
  function graph(drawn: readonly { from: number; to: number; port: string }[]): FlowDocument {
    const forward = drawn.filter(({ from, to }) => from < to);
    const edges = [
      ...new Map(
        forward.map((each) => [JSON.stringify(each), { from: `n${each.from}`, to: `n${each.to}`, port: each.port }]),
      ).values(),
    ];
    const ids = [...new Set(['n0', ...edges.flatMap(({ from, to }) => [from, to])])];
    const roots = ids.filter((id) => edges.every(({ to }) => to !== id));
    const nodes = Object.fromEntries(ids.map((id) => [id, { type: 'test/work', version: 1, config: {} }]));
    return {
      format: 1,
      id: 'random',
      name: 'Random',
      nodes: { start: { type: 'test/hook', version: 1, config: {} }, ...nodes },
      edges: [...roots.map((to) => ({ from: 'start', to })), ...edges],
    };
  }

  test('is either refused with two edges named, or runs to its end whatever its steps do', () => {
    const outcomes = { refused: 0, ran: 0 };
    fc.assert(
      fc.property(fc.array(edge, { minLength: 5, maxLength: 24, size: 'max' }), picks, (drawn, order) => {
        const document = graph(drawn);
        const next = pickFrom(order);
        const problems = checkGraph(document, catalogue);
        if (problems.length > 0) {
          expect(problems.map(({ code }) => code)).toEqual(problems.map(() => 'FAN_OUT_CROSSING'));
          expect(new Set(problems.map(({ pointer }) => pointer)).size).toBeGreaterThan(1);
          outcomes.refused += 1;
          return;
        }
        const plan = compileFlow(document, catalogue, 'hash');
        let { state } = startRun(plan, { node: 'start', payload: 0, meta: {}, at });
        while (!state.outcome) {
          const active = Object.keys(state.context.active);
          expect(active).not.toEqual([]);
          const step = active[next(active.length)] ?? '';
          const port = ports[next(ports.length)] ?? 'out';
          const event: StepEvent =
            port === 'error'
              ? { type: 'fail', step, error: { category: 'validation', code: 'REFUSED', message: 'Refused.' }, at }
              : { type: 'emit', step, port, data: step, at };
          state = decide(plan, state, event).state;
        }
        outcomes.ran += 1;
      }),
      { numRuns: 200 },
    );
    expect(outcomes.refused).toBeGreaterThan(0);
    expect(outcomes.ran).toBeGreaterThan(0);
  });
});
