import { type Json, writeJson } from '@millrace/contract';
import type { Block, Blocks, Fan, Loop, Writer } from './random-flow.fixture.ts';

/*
 * For tests only: an interpreter that knows nothing of graphs, machines and states. It walks the tree of blocks once,
 * recursively, one pass after the other.
 */

/** What happened at a step: enough to compare two runs. */
export function noteOf(path: string, id: string, input: Json, item: Json | undefined): string {
  return `${path}${id} <- ${sorted(input)}${item === undefined ? '' : ` of ${sorted(item)}`}`;
}

/** What a step puts out for its input. */
export function outputFor(id: string, input: Json): Json {
  return `${id}#${digest(sorted(input))}`;
}

/** Item of a loop over `passes` items. */
export function itemOf(id: string, input: Json, index: number): Json {
  return `${id}-${index} of ${digest(sorted(input))}`;
}

/** What a pass or a run gives, without the names under which several ends are put together. */
export function resultOf(output: Json): Json {
  return typeof output === 'object' && output !== null ? Object.values(output).map(sorted).sort() : [sorted(output)];
}

function sorted(input: Json): string {
  return typeof input === 'object' && input !== null && !Array.isArray(input)
    ? writeJson(Object.entries(input).sort() as Json)
    : writeJson(input);
}

function digest(text: string): number {
  return Array.from(text).reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003, 7);
}

/** Whose outputs arrive at a point in the flow. */
interface Source {
  readonly nodes: readonly string[];
  readonly joined: boolean;
}
interface Walked {
  /** Nothing where the branch has ended. */
  readonly through: Source | undefined;
  /** Outputs at which branches ended, inside the block and beside it. */
  readonly ends: readonly Json[];
  readonly aside: readonly Json[];
}

class PassFailed extends Error {}

/** What the whole run has done. */
export class Performed {
  readonly notes: string[] = [];
  /** Beginnings of notes about passes that failed or were dropped: how far they came depends on the order of events. */
  readonly unsure: string[] = [];

  /** The notes of those that a run must have, in whatever order. */
  sure(notes: Iterable<string> = this.notes): readonly string[] {
    return [...new Set(notes)].filter((note) => !this.unsure.some((each) => note.startsWith(each))).sort();
  }
}

/** The run itself, or one pass. */
export class Reference {
  readonly performed: Performed;
  readonly #writer: Writer;
  readonly #path: string;
  /** Handler of errors; none in a body without one. */
  readonly #caught: string | undefined;
  readonly #pass: { readonly item: Json; readonly index: number } | undefined;
  readonly #outputs = new Map<string, Json>();

  constructor(
    writer: Writer,
    payload: Json,
    performed = new Performed(),
    place: { path: string; caught: string | undefined; index?: number } = { path: '', caught: 'caught' },
  ) {
    this.#writer = writer;
    this.performed = performed;
    this.#path = place.path;
    this.#caught = place.caught;
    this.#pass = place.index === undefined ? undefined : { item: payload, index: place.index };
    this.#outputs.set('start', payload);
  }

  /** What the sequences give that begin at once. @throws {PassFailed} */
  result(sequences: readonly Blocks[]): Json {
    const walked = sequences.map((each) => this.#sequence(each, { nodes: ['start'], joined: false }));
    return walked.flatMap((each) => [...each.ends, ...each.aside, ...this.#endOf(each)].map(sorted)).sort();
  }

  #sequence(tree: Blocks, source: Source): Walked {
    let walked: Walked = { through: source, ends: [], aside: [] };
    for (const each of tree) {
      if (!walked.through) break;
      const next = this.#block(each, walked.through);
      walked = { through: next.through, ends: [...walked.ends, ...next.ends], aside: [...walked.aside, ...next.aside] };
    }
    return walked;
  }

  #block(block: Block, source: Source): Walked {
    const [id = '', join = ''] = this.#writer.ids.get(block) ?? [];
    const input = this.#input(source);
    if (!this.#perform(id, input)) return this.#caughtAt(input);
    const own: Source = { nodes: [id], joined: false };
    switch (block.kind) {
      case 'step':
        this.#outputs.set(id, outputFor(id, input));
        return { through: own, ends: [], aside: [] };
      case 'choice':
        this.#outputs.set(id, outputFor(id, input));
        return this.#sequence(block.does === 'other' ? block.other : block.out, own);
      case 'fan':
        this.#outputs.set(id, outputFor(id, input));
        return this.#fan(block, own, join);
      default:
        return this.#loop(block, id, input);
    }
  }

  #fan(block: Fan, own: Source, join: string): Walked {
    const branches = block.branches.map((each) => this.#sequence(each, own));
    const sides = block.sides.map((each) => this.#sequence(each, own));
    const aside = [
      ...sides.flatMap((each) => [...each.ends, ...each.aside, ...this.#endOf(each)]),
      ...branches.flatMap((each) => each.aside),
    ];
    const arrived = branches.flatMap(({ through }) => through?.nodes ?? []);
    if (arrived.length === 0) return { through: undefined, ends: branches.flatMap(({ ends }) => ends), aside };
    const input = this.#input({ nodes: arrived, joined: true });
    if (!this.#perform(join, input)) return { ...this.#caughtAt(input), aside };
    this.#outputs.set(join, outputFor(join, input));
    return { through: { nodes: [join], joined: false }, ends: [], aside };
  }

  #loop(loop: Loop, id: string, input: Json): Walked {
    const results = loop.kind === 'each' ? this.#each(loop, id, input) : this.#repeat(loop, id, input);
    if (!results) return this.#caughtAt(input);
    this.#outputs.set(id, outputFor(id, results));
    return { through: { nodes: [id], joined: false }, ends: [], aside: [] };
  }

  #each(loop: Loop, id: string, input: Json): Json | undefined {
    const results = Array.from({ length: loop.passes }, (_, index) =>
      this.#passResult(loop, id, index, itemOf(id, input, index)),
    );
    if (loop.onItemError === 'continue' || !results.includes('failed')) return results;
    this.performed.unsure.push(`${this.#path}${id}[`);
    return undefined;
  }

  /** The first pass gets the loop's input, each further one what the one before gave. */
  #repeat(loop: Loop, id: string, input: Json): Json | undefined {
    let result = input;
    for (let index = 0; index <= loop.passes; index += 1) {
      result = this.#passResult(loop, id, index, result);
      if (result === 'failed') return undefined;
    }
    return result;
  }

  #passResult(loop: Loop, id: string, index: number, item: Json): Json {
    const path = `${this.#path}${id}[${index}]/`;
    const caught = loop.catches ? `caught_${id}` : undefined;
    try {
      return new Reference(this.#writer, item, this.performed, { path, caught, index }).result(loop.body);
    } catch (thrown) {
      if (!(thrown instanceof PassFailed)) throw thrown;
      this.performed.unsure.push(path);
      return 'failed';
    }
  }

  /** @returns whether it succeeded */
  #perform(id: string, input: Json): boolean {
    this.#note(id, input);
    const does = this.#writer.does.get(id);
    if (does === 'failInOddPass') return (this.#pass?.index ?? 0) % 2 === 0;
    return does !== 'fail' && does !== 'expire';
  }

  /** The handler gets the failed step's input and ends the branch; where there is none, the pass fails. */
  #caughtAt(input: Json): Walked {
    if (this.#caught === undefined) throw new PassFailed();
    this.#note(this.#caught, input);
    return { through: undefined, ends: [outputFor(this.#caught, input)], aside: [] };
  }

  #note(id: string, input: Json): void {
    this.performed.notes.push(noteOf(this.#path, id, input, this.#pass?.item));
  }

  #endOf({ through }: Walked): readonly Json[] {
    return (through?.nodes ?? []).map((id) => this.#outputOf(id));
  }

  #outputOf(id: string): Json {
    return this.#outputs.get(id) ?? null;
  }

  #input({ nodes, joined }: Source): Json {
    if (!joined) return this.#outputOf(nodes[0] ?? '');
    return Object.fromEntries(nodes.map((id) => [id, this.#outputOf(id)]));
  }
}
