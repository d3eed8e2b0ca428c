import { type PathRead, pathsRead, pathToText, placeText } from '@millrace/mapping';
import { item, type TreeField } from './field-tree.ts';
import type { Source } from './mapping.ts';
import { startsWith, type TargetLine } from './target-lines.ts';

/** A place of what comes in: the root and the names of a {@link TreeField}. */
export type SourcePlace = Pick<TreeField, 'root' | 'names'>;

/** A source as an expression; nothing for a path that cannot be read. */
function expressionOf(source: Source): string | undefined {
  if (typeof source === 'string') return source;
  try {
    return pathToText(source);
  } catch {
    return undefined;
  }
}

/** What each item of the lists is, the outermost list first; nothing where that is computed. */
export function itemsOf(lists: readonly Source[], trees: readonly TreeField[]): (SourcePlace | undefined)[] {
  const items: (SourcePlace | undefined)[] = [];
  for (const each of lists) {
    const places = placesRead(each, items, trees);
    const [only] = places;
    const isPath = only !== undefined && places.length === 1 && isPlain(each);
    items.push(isPath ? { root: only.root, names: [...only.names, item] } : undefined);
  }
  return items;
}

/** Whether a source is a path and no more. */
function isPlain(source: Source): boolean {
  const text = expressionOf(source)?.trim() ?? '';
  const [only, ...others] = pathsRead(text);
  return only !== undefined && others.length === 0 && placeText(only) === text;
}

/** What a line of the given lists reads, as far as the trees have it. */
function placesRead(
  source: Source,
  items: readonly (SourcePlace | undefined)[],
  trees: readonly TreeField[],
): TreeField[] {
  const text = expressionOf(source);
  const reads = text === undefined ? [] : pathsRead(text);
  const found = reads.flatMap((read) => fieldRead(read, items, trees) ?? []);
  return [...new Set(found)];
}

function fieldRead(
  { root, names }: PathRead,
  items: readonly (SourcePlace | undefined)[],
  trees: readonly TreeField[],
): TreeField | undefined {
  const isInput = root === '$' || (root === '' && items.length === 0);
  if (isInput) return find('', names, [], trees);
  if (root !== '' && root !== 'item') return find(root, names, [], trees);
  const around = items.at(-1);
  return around && find(around.root, names, around.names, trees);
}

/** Finds by names that do not tell the lists on the way; the items of a list are found as the list. */
function find(
  root: string,
  names: readonly string[],
  start: readonly string[],
  trees: readonly TreeField[],
): TreeField | undefined {
  const tree = trees.find((each) => each.root === root);
  const wanted = [...start, ...names].filter((name) => name !== item);
  let field = tree;
  for (const name of wanted) {
    const next = field && children(field).find(({ label }) => label === name);
    if (!next) return field === tree ? undefined : field;
    field = next;
  }
  return field;
}

/** What is in a field, through lists of lists. */
function children(field: TreeField): readonly TreeField[] {
  const [only] = field.children;
  return only && only.names.at(-1) === item ? children(only) : field.children;
}

/**
 * How a line in these lists writes a source; nothing where it cannot reach it: of a list that is no list around it, only
 * the items of the innermost one can be told apart.
 */
export function sourceTextFor(source: SourcePlace, items: readonly (SourcePlace | undefined)[]): string | undefined {
  const inner = items.at(-1);
  const isOfInner = inner && inner.root === source.root && startsWith(source.names, inner.names);
  if (isOfInner) return placeText({ root: '', names: source.names.slice(inner.names.length).filter(isName) });
  const isOfOuter = items.slice(0, -1).some((outer) => {
    return outer && outer.root === source.root && startsWith(source.names, outer.names);
  });
  if (isOfOuter) return undefined;
  const root = source.root === '' && items.length > 0 ? '$' : source.root;
  return placeText({ root, names: source.names.filter(isName) });
}

function isName(name: string): boolean {
  return name !== item;
}

/** A wire between what a line reads and what it makes. */
export interface Wire {
  readonly line: TargetLine;
  readonly source: TreeField;
  /** The line is more than this one path. */
  readonly computed: boolean;
}

export function wiresOf(lines: readonly TargetLine[], trees: readonly TreeField[]): Wire[] {
  return lines.flatMap((line) => {
    const source = line.line.each ?? line.line.from;
    if (source === undefined) return [];
    const places = placesRead(source, itemsOf(line.lists, trees), trees);
    const computed = !isPlain(source);
    return places.map((place) => ({ line, source: place, computed }));
  });
}
