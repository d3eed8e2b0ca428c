import fc from 'fast-check';
import type { FlowDocument, FlowEdge, FlowNode } from './document.ts';

/* For tests only: random well-nested flows, generated as the tree of their blocks. */

/** How a step behaves in the run: the port it takes, that it fails for good, or what happens before it goes on. */
export type Does = 'out' | 'other' | 'fail' | 'failInOddPass' | 'retry' | 'wait' | 'expire';

export type Blocks = readonly Block[];
export type Block = Step | Choice | Fan | Loop;
export interface Step {
  readonly kind: 'step';
  readonly does: Does;
}
/** A step with two ways on, which meet again behind the block. */
export interface Choice {
  readonly kind: 'choice';
  readonly does: Does;
  readonly out: Blocks;
  readonly other: Blocks;
}
/** Branches at once; those in `sides` lead nowhere else. */
export interface Fan {
  readonly kind: 'fan';
  readonly does: Does;
  readonly branches: readonly Blocks[];
  readonly sides: readonly Blocks[];
  readonly joined: Does;
}
/** A body of sequences that begin at once, for each item or once more and more. */
export interface Loop {
  readonly kind: 'each' | 'repeat';
  readonly does: Does;
  readonly passes: number;
  readonly concurrency: number;
  readonly onItemError: 'stop' | 'continue';
  readonly isTotalKnown: boolean;
  readonly body: readonly Blocks[];
  /** The body has a handler for errors of its own. */
  readonly catches: boolean;
}

const does = fc.oneof(
  { weight: 12, arbitrary: fc.constant('out' as const) },
  { weight: 6, arbitrary: fc.constantFrom('fail', 'failInOddPass', 'failInOddPass', 'retry', 'wait', 'expire') },
);

export function blocks(depth: number, maxLength: number, minLength = 0): fc.Arbitrary<Blocks> {
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
  const loop = fc.record({
    kind: fc.constantFrom('each' as const, 'repeat' as const),
    does: fc.constantFrom<Does>('out', 'out', 'out', 'fail', 'retry'),
    passes: fc.integer({ min: 1, max: 4 }).map((passes) => passes - 1),
    concurrency: fc.integer({ min: 1, max: 3 }),
    onItemError: fc.constantFrom('stop' as const, 'continue' as const),
    isTotalKnown: fc.boolean(),
    body: fc.array(some, { minLength: 1, maxLength: 2 }),
    catches: fc.boolean(),
  });
  return fc.oneof(step, choice, fan, loop);
}

/** An end of a way, from which an edge may lead on. */
interface Open {
  readonly from: string;
  readonly port?: string;
}

/** The blocks written down as a flow. */
export class Writer {
  readonly does = new Map<string, Does>();
  readonly loops = new Map<string, Loop>();
  /** The nodes of each block. */
  readonly ids = new Map<Block, readonly string[]>();
  readonly #edges: FlowEdge[] = [];
  readonly #nodes: Record<string, FlowNode> = {};
  readonly #handled: 'edges' | 'onError';
  #count = 0;

  /** @param handled how the errors of the flow itself come to the handler `caught` */
  constructor(tree: Blocks, handled: 'edges' | 'onError' = 'edges') {
    this.#handled = handled;
    this.#node('caught', {});
    this.#sequence(tree, [{ from: 'start' }], undefined);
  }

  /** @param textOf config of each node */
  document(textOf: (id: string, index: number) => string = () => ''): FlowDocument {
    const nodes = Object.entries(this.#nodes).map(([id, node], index) => [
      id,
      { ...node, config: { text: textOf(id, index) } },
    ]);
    return {
      format: 1,
      id: 'random',
      name: 'Random',
      nodes: { start: { type: 'test/hook', version: 1, config: {} }, ...Object.fromEntries(nodes) },
      edges: this.#edges,
      ...(this.#handled === 'onError' && { onError: 'caught' }),
    };
  }

  /** Writes a sequence behind the given open ends; answers its own open ends. */
  #sequence(tree: Blocks, open: readonly Open[], within: Body | undefined): readonly Open[] {
    return tree.reduce((ends, each) => this.#block(each, ends, within), open);
  }

  #block(block: Block, open: readonly Open[], within: Body | undefined): readonly Open[] {
    const id = this.#step(block.does, within, 'body' in block ? block : undefined);
    this.#connect(open, id);
    this.ids.set(block, [id]);
    switch (block.kind) {
      case 'step':
        return [{ from: id }];
      case 'choice': {
        const out = this.#sequence(block.out, [{ from: id }], within);
        return [...out, ...this.#sequence(block.other, [{ from: id, port: 'other' }], within)];
      }
      case 'fan': {
        const ends = block.branches.flatMap((each) => this.#sequence(each, [{ from: id }], within));
        for (const side of block.sides) this.#sequence(side, [{ from: id }], within);
        const join = this.#step(block.joined, within);
        this.#connect(ends, join);
        this.ids.set(block, [id, join]);
        return [{ from: join }];
      }
      default:
        this.#body(id, block);
        return [{ from: id }];
    }
  }

  #body(loop: string, { body, catches }: Loop): void {
    const within: Body = { loop, ...(catches && { caught: `caught_${loop}` }) };
    if (within.caught) this.#node(within.caught, { parent: loop });
    for (const sequence of body) this.#sequence(sequence, [], within);
  }

  #step(behaviour: Does, within: Body | undefined, loop?: Loop): string {
    this.#count += 1;
    const id = `n${this.#count}`;
    this.does.set(id, behaviour);
    if (loop) this.loops.set(id, loop);
    this.#node(id, { ...(loop && { type: 'test/loop' }), ...(within && { parent: within.loop }) });
    const caught = within ? within.caught : this.#handled === 'edges' ? 'caught' : undefined;
    if (caught) this.#edges.push({ from: id, port: 'error', to: caught });
    return id;
  }

  #node(id: string, node: Partial<FlowNode>): void {
    this.#nodes[id] = { type: 'test/work', version: 1, config: {}, ...node };
  }

  #connect(open: readonly Open[], to: string): void {
    for (const each of open) this.#edges.push({ ...each, to });
  }
}
interface Body {
  readonly loop: string;
  readonly caught?: string;
}
