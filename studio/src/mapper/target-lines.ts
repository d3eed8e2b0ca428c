import { namesOf, targetOf } from '@millrace/mapping';
import { item, keyOf } from './field-tree.ts';
import { changeLine, type Line, type Source } from './mapping.ts';

/** A line with the way to what it makes. */
export interface TargetLine {
  readonly place: readonly number[];
  readonly line: Line;
  /** Names from the whole target on, with {@link item} for every list on the way. */
  readonly names: readonly string[];
  /** What the lists around it repeat, the outermost first. */
  readonly lists: readonly Source[];
}

/** All lines of a field map, those of a list after it; found once for the same fields. */
export function targetLinesOf(fields: readonly Line[]): readonly TargetLine[] {
  const lines = linesByFields.get(fields) ?? linesIn(fields, { place: [], names: [], lists: [] });
  linesByFields.set(fields, lines);
  return lines;
}

const linesByFields = new WeakMap<readonly Line[], readonly TargetLine[]>();

function linesIn(fields: readonly Line[], around: Omit<TargetLine, 'line'>): TargetLine[] {
  return fields.flatMap((line, index) => {
    const names = [...around.names, ...(namesOf(line.to) ?? [line.to])];
    const here = { place: [...around.place, index], names, lists: around.lists };
    if (line.each === undefined) return [{ ...here, line }];
    const inside = { place: here.place, names: [...names, item], lists: [...around.lists, line.each] };
    return [{ ...here, line }, ...linesIn(line.fields ?? [], inside)];
  });
}

/** The line that makes exactly this place of the target. */
export function lineOf(lines: readonly TargetLine[], names: readonly string[]): TargetLine | undefined {
  return byKey(lines).get(keyOf(names));
}

/** The line that makes more than this place: what is in it is made already. */
export function lineAround(lines: readonly TargetLine[], names: readonly string[]): TargetLine | undefined {
  const around = names.map((_, length) => lineOf(lines, names.slice(0, length)));
  return around.find((each) => each !== undefined && each.line.each === undefined);
}

/** Of two lines for one place, which is a mistake, the first counts. */
function byKey(lines: readonly TargetLine[]): ReadonlyMap<string, TargetLine> {
  const known = indexes.get(lines) ?? new Map(lines.toReversed().map((each) => [keyOf(each.names), each]));
  indexes.set(lines, known);
  return known;
}

const indexes = new WeakMap<readonly TargetLine[], ReadonlyMap<string, TargetLine>>();

/** Lines that make parts of this place. */
export function linesInside(lines: readonly TargetLine[], names: readonly string[]): TargetLine[] {
  return lines.filter((each) => each.names.length > names.length && startsWith(each.names, names));
}

export function startsWith(names: readonly string[], start: readonly string[]): boolean {
  return start.every((name, index) => names[index] === name);
}

/** The ways to the lists around a place of the target, the outermost first. */
export function listsAround(names: readonly string[]): string[][] {
  return names.flatMap((name, index) => (name === item ? [names.slice(0, index)] : []));
}

/** Where places of the target come, by {@link keyOf} of their names. */
export type Order = ReadonlyMap<string, number>;

/**
 * Fields with a line for this place in the list that it lies in, which must be there; it comes before the first line that
 * comes later in the target. A line that makes the place already gives way to it.
 */
export function putLine(
  fields: readonly Line[],
  names: readonly string[],
  content: Omit<Line, 'to'>,
  order: Order,
): readonly Line[] {
  const lines = targetLinesOf(fields);
  const own = lineOf(lines, names);
  if (own) return changeLine(fields, own.place, ({ to }) => ({ to, ...content }));
  const list = listsAround(names).at(-1);
  const line: Line = { to: targetOf(list ? names.slice(list.length + 1) : names), ...content };
  const start = list ? [...list, item] : [];
  const insertInto = (siblings: readonly Line[]) => inserted(siblings, line, start, order);
  const around = list && lineOf(lines, list);
  if (!around) return insertInto(fields);
  return changeLine(fields, around.place, (each) => ({ ...each, fields: insertInto(each.fields ?? []) }));
}

function inserted(siblings: readonly Line[], line: Line, start: readonly string[], order: Order): Line[] {
  const placeOf = ({ to }: Line) => order.get(keyOf([...start, ...(namesOf(to) ?? [to])]));
  const own = placeOf(line);
  const at = own === undefined ? -1 : siblings.findIndex((each) => (placeOf(each) ?? -1) > own);
  return at === -1 ? [...siblings, line] : [...siblings.slice(0, at), line, ...siblings.slice(at)];
}
