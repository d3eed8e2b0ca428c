import { type Json, readJson, writeJson } from '@millrace/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFlow } from './compile.ts';
import { decide, decider, startRun } from './decide.ts';
import type { FlowDocument, FlowEdge } from './document.ts';
import { catalogue } from './flows.fixture.ts';
import type { RunState, StepEvent } from './run-state.ts';
import { stepInput } from './scope.ts';
import { checkGraph } from './validate/check-graph.ts';

/*
 * Random well-nested flows are run twice: by the compiled machine, with steps finishing in any order, and by a small
 * interpreter that knows nothing of graphs, since the flow is generated as the tree of its blocks. Both must perform
 * the same steps on the same inputs and end alike.
 */

/** How a step behaves in the run: the port it takes, or that it fails for good. */
type Does = 'out' | 'other' | 'fail';

type Block =
  | { readonly kind: 'step'; readonly does: Does }
  /** A step with two ways on, which meet again behind the block. */
  | { readonly kind: 'choice'; readonly does: Does; readonly out: readonly Block[]; readonly other: readonly Block[] }
  /** Branches at once; those in `sides` lead nowhere else. */
  | {
      readonly kind: 'fan';
      readonly does: Does;
      readonly branches: readonly (readonly Block[])[];
      readonly sides: readonly (readonly Block[])[];
      readonly joined: Does;
    };

const does = fc.oneof(
  { weight: 6, arbitrary: fc.constant('out' as const) },
  { weight: 1, arbitrary: fc.constant('fail' as const) },
);

function blocks(depth: number, maxLength: number, minLength = 0): fc.Arbitrary<readonly Block[]> {
  return fc.array(block(depth), { minLength, maxLength });
}

function block(depth: number): fc.Arbitrary<Block> {
  const step = fc.record({ kind: fc.constant('step' as const), does });
  if (depth === 0) return step;
  const inner = blocks(depth - 1, 2);
  const some = blocks(depth - 1, 2, 1);
  const either = fc.constantFrom<Does>('out', 'other', 'other');
  const choice = fc.record({ kind: fc.constant('choice' as const), does: either, out: inner, other: some });
  const branches = fc.array(some, { minLength: 2, maxLength: 3 });
  const sides = fc.array(some, { maxLength: 1 });
  const fan = fc.record({ kind: fc.constant('fan' as const), does, branches, sides, joined: does });
  return fc.oneof(step, choice, fan);
}

/** The blocks written down as a flow. Every step's error goes to the shared handler `caught`. */
class Writer {
  readonly edges: FlowEdge[] = [];
  readonly does = new Map<string, Does>();
  readonly ids = new Map<object, readonly string[]>();
  #count = 0;

  step(behaviour: Does): string {
    this.#count += 1;
    const id = `n${this.#count}`;
    this.does.set(id, behaviour);
    return id;
  }

  /** Writes a sequence behind the given open ends; answers its own open ends. */
  sequence(blocks: readonly Block[], open: readonly Open[]): readonly Open[] {
    return blocks.reduce((ends, each) => this.#block(each, ends), open);
  }

  #block(block: Block, open: readonly Open[]): readonly Open[] {
    const id = this.step(block.does);
    this.#connect(open, id);
    if (block.kind === 'step') return this.#named(block, [id], [{ from: id }]);
    if (block.kind === 'choice') {
      const out = this.sequence(block.out, [{ from: id }]);
      return this.#named(block, [id], [...out, ...this.sequence(block.other, [{ from: id, port: 'other' }])]);
    }
    const ends = block.branches.flatMap((each) => this.sequence(each, [{ from: id }]));
    for (const side of block.sides) this.sequence(side, [{ from: id }]);
    const join = this.step(block.joined);
    this.#connect(ends, join);
    return this.#named(block, [id, join], [{ from: join }]);
  }

  #named(block: Block, ids: readonly string[], open: readonly Open[]): readonly Open[] {
    this.ids.set(block, ids);
    return open;
  }

  #connect(open: readonly Open[], to: string): void {
    for (const each of open) this.edges.push({ ...each, to });
  }
}
interface Open {
  readonly from: string;
  readonly port?: string;
}

function documentOf(writer: Writer, handled: 'edges' | 'onError'): FlowDocument {
  const ids = [...writer.does.keys()];
  const errors = handled === 'edges' ? ids.map((from) => ({ from, port: 'error', to: 'caught' })) : [];
  const nodes = Object.fromEntries([...ids, 'caught'].map((id) => [id, { type: 'test/work', version: 1, config: {} }]));
  return {
    format: 1,
    id: 'random',
    name: 'Random',
    nodes: { start: { type: 'test/hook', version: 1, config: {} }, ...nodes },
    edges: [...writer.edges, ...errors],
    ...(handled === 'onError' && { onError: 'caught' }),
  };
}

/** What is known of a point in the flow: whose outputs arrive there. */
type Source = { readonly nodes: readonly string[]; readonly joined: boolean };
interface Result {
  /** Nothing where the branch has ended. */
  readonly through: Source | undefined;
  /** Outputs at which branches ended, inside the block and beside it. */
  readonly ends: readonly Json[];
  readonly aside: readonly Json[];
}

/** The interpreter: one recursive walk over the tree of blocks. */
class Reference {
  readonly performed: string[] = [];
  readonly #writer: Writer;
  readonly #outputs = new Map<string, Json>();

  constructor(writer: Writer, payload: Json) {
    this.#writer = writer;
    this.#outputs.set('start', payload);
  }

  sequence(blocks: readonly Block[], source: Source): Result {
    let result: Result = { through: source, ends: [], aside: [] };
    for (const each of blocks) {
      if (!result.through) break;
      const next = this.#block(each, result.through);
      result = { through: next.through, ends: [...result.ends, ...next.ends], aside: [...result.aside, ...next.aside] };
    }
    return result;
  }

  #block(block: Block, source: Source): Result {
    const [id = '', join = ''] = this.#writer.ids.get(block) ?? [];
    const failed = this.#perform(id, source);
    if (failed) return failed;
    const own: Source = { nodes: [id], joined: false };
    if (block.kind === 'step') return { through: own, ends: [], aside: [] };
    if (block.kind === 'choice') return this.sequence(block.does === 'other' ? block.other : block.out, own);
    const branches = block.branches.map((each) => this.sequence(each, own));
    const sides = block.sides.map((each) => this.sequence(each, own));
    const aside = [
      ...sides.flatMap((each) => [...each.ends, ...each.aside, ...this.#endOf(each)]),
      ...branches.flatMap((each) => each.aside),
    ];
    const arrived = branches.flatMap(({ through }) => through?.nodes ?? []);
    const ends = branches.flatMap((each) => each.ends);
    if (arrived.length === 0) return { through: undefined, ends, aside };
    const failedJoin = this.#perform(join, { nodes: arrived, joined: true });
    if (failedJoin) return { ...failedJoin, aside };
    return { through: { nodes: [join], joined: false }, ends: [], aside };
  }

  outputOf(id: string): Json {
    return this.#outputs.get(id) ?? null;
  }

  #endOf({ through }: Result): readonly Json[] {
    return (through?.nodes ?? []).map((id) => this.outputOf(id));
  }

  /** Performs a step; where it fails, the handler gets its input and ends the branch. */
  #perform(id: string, source: Source): Result | undefined {
    const input = this.#input(source);
    this.#note(id, input);
    if (this.#writer.does.get(id) !== 'fail') {
      this.#outputs.set(id, outputFor(id, input));
      return undefined;
    }
    this.#note('caught', input);
    return { through: undefined, ends: [outputFor('caught', input)], aside: [] };
  }

  #input({ nodes, joined }: Source): Json {
    return joined ? Object.fromEntries(nodes.map((id) => [id, this.outputOf(id)])) : this.outputOf(nodes[0] ?? '');
  }

  #note(id: string, input: Json): void {
    this.performed.push(note(id, input));
  }
}

function outputFor(id: string, input: Json): Json {
  return `${id}#${digest(sorted(input))}`;
}
function note(id: string, input: Json): string {
  return `${id} <- ${sorted(input)}`;
}
function sorted(input: Json): string {
  return typeof input === 'object' && input !== null
    ? writeJson(Object.entries(input).sort() as Json)
    : writeJson(input);
}
function digest(text: string): number {
  return Array.from(text).reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003, 7);
}

const at = '2026-11-21T08:00:00.000Z';

/** Runs the machine, finishing active steps in the order that `pick` chooses. */
function runMachine(
  document: FlowDocument,
  behaviour: ReadonlyMap<string, Does>,
  pick: (count: number) => number,
  stored: (state: RunState) => RunState,
) {
  const plan = compileFlow(document, catalogue, 'hash');
  const performed: string[] = [];
  let { state } = startRun(plan, { node: 'start', payload: 'payload', meta: {}, at });
  while (!state.outcome) {
    const active = Object.keys(state.context.active).sort();
    const step = active[pick(active.length)] ?? '';
    const nodeId = plan.steps.get(step)?.nodeId ?? '';
    const input = stepInput(plan, state, step);
    performed.push(note(nodeId, input));
    state = stored(decide(plan, state, eventFor(step, nodeId, behaviour.get(nodeId) ?? 'out', input)).state);
  }
  return { performed, outcome: state.outcome };
}

function eventFor(step: string, nodeId: string, behaviour: Does, input: Json): StepEvent {
  if (behaviour !== 'fail') return { type: 'emit', step, port: behaviour, data: outputFor(nodeId, input), at };
  return { type: 'fail', step, error: { category: 'validation', code: 'REFUSED', message: 'Refused.' }, at };
}

function outputsIn(outcome: RunState['outcome']): readonly Json[] {
  if (outcome?.outcome !== 'succeeded') return ['failed'];
  const { output } = outcome;
  return typeof output === 'object' && output !== null ? Object.values(output) : [output];
}

const anyFlow = blocks(3, 3, 1);
const picks = fc.infiniteStream(fc.nat({ max: 1000 }));
const handlers = fc.constantFrom('edges' as const, 'onError' as const);

function written(tree: readonly Block[]): Writer {
  const writer = new Writer();
  writer.sequence(tree, [{ from: 'start' }]);
  return writer;
}

describe('a random well-nested flow', () => {
  test('in whatever order its steps finish, it performs the same steps on the same inputs and ends alike', () => {
    fc.assert(
      fc.property(anyFlow, picks, handlers, fc.boolean(), (tree, order, handled, store) => {
        const writer = written(tree);
        const reference = new Reference(writer, 'payload');
        const expected = reference.sequence(tree, { nodes: ['start'], joined: false });
        const through = (expected.through?.nodes ?? []).map((id) => reference.outputOf(id));
        const stored = store
          ? (state: RunState) => readJson(writeJson(state as unknown as Json)) as unknown as RunState
          : (state: RunState) => state;
        const { performed, outcome } = runMachine(
          documentOf(writer, handled),
          writer.does,
          (count) => (order.next().value ?? 0) % count,
          stored,
        );
        expect(performed.toSorted()).toEqual(reference.performed.toSorted());
        expect(outputsIn(outcome).toSorted()).toEqual([...expected.ends, ...expected.aside, ...through].toSorted());
      }),
      { numRuns: 120 },
    );
  });

  test('decides the same from a state that was stored and read again as in one long burst', () => {
    fc.assert(
      fc.property(anyFlow, picks, (tree, order) => {
        const writer = written(tree);
        const plan = compileFlow(documentOf(writer, 'edges'), catalogue, 'hash');
        const burst = decider(plan, startRun(plan, { node: 'start', payload: 'payload', meta: {}, at }).state);
        while (!burst.state.outcome) {
          const before = writeJson(burst.state as unknown as Json);
          const active = Object.keys(burst.state.context.active).sort();
          const step = active[(order.next().value ?? 0) % active.length] ?? '';
          const nodeId = plan.steps.get(step)?.nodeId ?? '';
          const event = eventFor(step, nodeId, writer.does.get(nodeId) ?? 'out', null);
          const fresh = decide(plan, readJson(before) as unknown as RunState, event);
          expect(fresh).toEqual(burst.decide(event));
        }
      }),
      { numRuns: 40 },
    );
  });
});

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
        const next = (count: number) => (order.next().value ?? 0) % count;
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
            port === 'error' ? eventFor(step, step, 'fail', null) : { type: 'emit', step, port, data: step, at };
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
