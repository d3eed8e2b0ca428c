import type { Json } from '@millrace/contract';

/** Where a value comes from: an expression, or a path in a notation that people know from other tools. */
export type Source = string | { readonly xpath: string } | { readonly jsonpath: string };

/** A source as one line of text: `customer.name`, `xpath: /Order/@no`. */
export function sourceText(source: Source | undefined): string {
  if (source === undefined || typeof source === 'string') return source ?? '';
  return 'xpath' in source ? `xpath: ${source.xpath}` : `jsonpath: ${source.jsonpath}`;
}

/** The way back of {@link sourceText}; nothing for an empty text. */
export function sourceOf(text: string): Source | undefined {
  const [, notation, path] = /^(xpath|jsonpath):\s*(.+)$/.exec(text) ?? [];
  if (path === undefined) return text || undefined;
  return notation === 'xpath' ? { xpath: path } : { jsonpath: path };
}

/** One line of a field map; with `each` it goes over a list and `fields` say what becomes of each item. */
export interface Line {
  readonly to: string;
  readonly from?: Source;
  readonly each?: Source;
  readonly fields?: readonly Line[];
  readonly default?: Json;
  readonly required?: boolean;
}

export type Mapping =
  | { readonly kind: 'fields'; readonly fields: readonly Line[] }
  | { readonly kind: 'text'; readonly expression: string };

/** How a mapping is looked at: as wires between trees, as a table of fields, or as one text. */
export const views = ['lines', 'fields', 'text'] as const;
export type View = (typeof views)[number];

/** Config keys of a mapping node that the mapper edits. */
export const mappingKeys = ['fields', 'expression'] as const;

export function mappingOf(config: Readonly<Record<string, unknown>>): Mapping {
  if (Array.isArray(config.fields)) return { kind: 'fields', fields: config.fields as Line[] };
  return { kind: 'text', expression: typeof config.expression === 'string' ? config.expression : '' };
}

/** A line with where it is: indexes through `fields`, outermost first. */
export interface PlacedLine {
  readonly place: readonly number[];
  readonly line: Line;
  /** Way to its value in the result; items of a list are looked at by the first. */
  readonly way: readonly string[];
}

/** All lines, each list's own lines after it. */
export function linesOf(
  fields: readonly Line[],
  place: readonly number[] = [],
  way: readonly string[] = [],
): PlacedLine[] {
  return fields.flatMap((line, index) => {
    const here = [...place, index];
    const target = [...way, ...namesOf(line.to)];
    return [{ place: here, line, way: target }, ...linesOf(line.fields ?? [], here, [...target, '0'])];
  });
}

/** Names of a target from the outside in; one with a dot in it is written as a JSON string. */
function namesOf(to: string): string[] {
  const names = to.match(/"(?:[^"\\]|\\.)*"|[^.]+/g) ?? [];
  return names.map((name) => (/^".*"$/.test(name) ? (JSON.parse(name) as string) : name));
}

/** The expressions of a mapping; paths in other notations are none. */
export function textsOf(mapping: Mapping): string[] {
  if (mapping.kind === 'text') return [mapping.expression];
  const sources = linesOf(mapping.fields).flatMap(({ line }) => [line.from, line.each]);
  return sources.filter((source) => typeof source === 'string');
}

/** Lines with one of them changed; `undefined` takes it away. */
export function changeLine(
  fields: readonly Line[],
  [index = -1, ...rest]: readonly number[],
  change: (line: Line) => Line | undefined,
): Line[] {
  return fields.flatMap((line, at) => {
    if (at !== index) return [line];
    if (rest.length > 0) return [{ ...line, fields: changeLine(line.fields ?? [], rest, change) }];
    return change(line) ?? [];
  });
}

/** Lines with an empty one added, at the end of the list at `place` or of the whole. */
export function addLine(fields: readonly Line[], place: readonly number[]): Line[] {
  const fresh: Line = { to: '' };
  if (place.length === 0) return [...fields, fresh];
  return changeLine(fields, place, (line) => ({ ...line, fields: [...(line.fields ?? []), fresh] }));
}

/** The value that a way leads to, or nothing. */
export function valueAt(value: Json | undefined, way: readonly string[]): Json | undefined {
  return way.reduce<Json | undefined>(
    (current, key) =>
      typeof current === 'object' && current !== null ? (current as unknown as Record<string, Json>)[key] : undefined,
    value,
  );
}

/** Line and column (from 1) of an offset in a text. */
export function placeInText(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
