import type { Kind } from '@millrace/mapping';
import { everyField, isList, item, keyOf, type TreeField } from './field-tree.ts';
import type { Line } from './mapping.ts';
import { itemsOf } from './sources-of-lines.ts';
import { lineAround, lineOf, linesInside, startsWith, type TargetLine, targetLinesOf } from './target-lines.ts';
import { likeness, wordsOf } from './words-of-names.ts';

/** A source that probably belongs to a target. */
export interface Suggestion {
  readonly source: TreeField;
  readonly target: TreeField;
  /** `name`: they are called the same; `words`: they mean the same; `alike`: they have most of it in common. */
  readonly why: 'name' | 'words' | 'alike';
}

/** Less alike than this is no suggestion. */
const least = 0.62;

/**
 * For targets without a line the sources that fit best by name, by what is around them and by type; each source once.
 * Lists come first, and what is in a list is looked for in the list that it repeats.
 */
export function suggest(fields: readonly Line[], input: TreeField, target: TreeField): Suggestion[] {
  const matching = new Matching(targetLinesOf(fields), input, target);
  const open = everyField(target).slice(1).filter(matching.isOpen);
  const depths = [...new Set(open.map(({ names }) => depthOf(names)))].sort((a, b) => a - b);
  for (const depth of depths) {
    const here = open.filter(({ names }) => depthOf(names) === depth);
    matching.add(here.filter(isWhole));
    matching.add(here.filter((place) => !isWhole(place)));
  }
  return inOrder(matching.suggestions, target);
}

/** Finds the best source for one target after the other, and remembers what is taken. */
class Matching {
  readonly suggestions: Suggestion[] = [];
  readonly #lines: readonly TargetLine[];
  /** Sources by the words of their names: what shares none with a target is nothing like it. */
  readonly #byWord = new Map<string, TreeField[]>();
  readonly #taken = new Set<string>();
  /** The items that a list of the target repeats, by the list's key. */
  readonly #repeated = new Map<string, readonly string[]>();

  constructor(lines: readonly TargetLine[], input: TreeField, target: TreeField) {
    this.#lines = lines;
    for (const source of everyField(input).slice(1)) for (const word of wordsOf(source.label)) this.#note(word, source);
    for (const { names, line, lists } of lines) {
      const items = line.each === undefined ? undefined : itemsOf([...lists, line.each], [input]).at(-1);
      if (items?.root === target.root) this.#repeated.set(keyOf(names), items.names);
    }
  }

  /** Nothing makes the place, what is around it, or a part of it. */
  readonly isOpen = (place: TreeField): boolean =>
    !this.#isSettled(place) && linesInside(this.#lines, place.names).length === 0;

  add(places: readonly TreeField[]): void {
    const candidates = places.flatMap((place) => candidatesFor(place, this.#alikeTo(place), this.#repeated));
    for (const { score, ...suggestion } of candidates.toSorted((a, b) => b.score - a.score)) {
      const { source, target } = suggestion;
      if (this.#taken.has(source.key) || this.#isSettled(target)) continue;
      this.#taken.add(source.key);
      this.suggestions.push(suggestion);
      if (repeats(suggestion)) this.#repeated.set(target.key, [...source.names, item]);
    }
  }

  #note(word: string, source: TreeField): void {
    const alike = this.#byWord.get(word);
    if (alike) alike.push(source);
    else this.#byWord.set(word, [source]);
  }

  #alikeTo({ label }: TreeField): readonly TreeField[] {
    return [...new Set(wordsOf(label).flatMap((word) => this.#byWord.get(word) ?? []))];
  }

  #isSettled({ key, names }: TreeField): boolean {
    if (lineOf(this.#lines, names) ?? lineAround(this.#lines, names)) return true;
    return this.suggestions.some(({ source, target }) => {
      const isCopied = !repeats({ source, target }) && target.children.length > 0;
      return target.key === key || (isCopied && startsWith(names, target.names));
    });
  }
}

/** Lists, and objects, which are copied whole only where they can be null. */
function isWhole({ children }: TreeField): boolean {
  return children.length > 0;
}

interface Candidate extends Suggestion {
  readonly score: number;
}

function candidatesFor(
  place: TreeField,
  sources: readonly TreeField[],
  repeated: ReadonlyMap<string, readonly string[]>,
): Candidate[] {
  const list = place.names.lastIndexOf(item);
  const start = list === -1 ? [] : repeated.get(keyOf(place.names.slice(0, list)));
  if (!start) return [];
  const reachable = sources.filter(({ names }) => startsWith(names, start) && !names.includes(item, start.length));
  return reachable.flatMap((source) => candidate(source, place, start.length, list + 1) ?? []);
}

function candidate(source: TreeField, target: TreeField, from: number, to: number): Candidate | undefined {
  if (!fits(source, target)) return undefined;
  const own = likeness(wordsOf(source.label), wordsOf(target.label));
  const around = likeness(wordsAround(source, from), wordsAround(target, to));
  const isSameName = source.label === target.label;
  const score = own * 0.75 + around * 0.2 + (isSameName ? 0.05 : 0);
  if (own < 0.5 || score < least) return undefined;
  return { source, target, score, why: isSameName ? 'name' : own === 1 ? 'words' : 'alike' };
}

/** The words of the objects around a field; two that stand outside of every object are alike in that. */
function wordsAround({ names }: TreeField, start: number): readonly string[] {
  const around = names.slice(start, -1);
  return around.length === 0 ? ['.'] : around.flatMap(wordsOf);
}

/** Whether a value of the source can be one of the target; of objects and lists also what is in them. */
function fits(source: TreeField, target: TreeField): boolean {
  if (isWhole(target))
    return isList(target) ? isList(source) && source.children.length > 0 : isNullableCopy(source, target);
  if (source.children.length > 0) return false;
  return meet(source.kinds, target.kinds);
}

/** Field by field an object would be made of null; so it is copied whole where both sides have the same fields. */
function isNullableCopy(source: TreeField, target: TreeField): boolean {
  const names = (field: TreeField) => field.children.map(({ label }) => label).toSorted();
  return source.kinds.includes('null') && keyOf(names(source)) === keyOf(names(target));
}

function meet(a: readonly Kind[], b: readonly Kind[]): boolean {
  const known = (kinds: readonly Kind[]) => kinds.filter((kind) => kind !== 'null');
  const [left, right] = [known(a), known(b)];
  return left.length === 0 || right.length === 0 || left.some((kind) => right.includes(kind));
}

function repeats({ source, target }: Pick<Suggestion, 'source' | 'target'>): boolean {
  return isList(target) && target.children.length > 0 && isList(source);
}

function depthOf(names: readonly string[]): number {
  return names.filter((name) => name === item).length;
}

function inOrder(suggestions: readonly Suggestion[], target: TreeField): Suggestion[] {
  const order = new Map(everyField(target).map(({ key }, index) => [key, index]));
  return suggestions.toSorted((a, b) => (order.get(a.target.key) ?? 0) - (order.get(b.target.key) ?? 0));
}
