import { isList, type TreeField, wayInWords } from './field-tree.ts';
import type { Line } from './mapping.ts';
import { itemsOf, sourceTextFor } from './sources-of-lines.ts';
import { lineAround, lineOf, linesInside, listsAround, type Order, putLine, targetLinesOf } from './target-lines.ts';

/** What becomes of a target that has a source already. */
export const combinations = ['replace', 'join', 'fallback', 'prefer'] as const;
export type Combination = (typeof combinations)[number];

/** Why a source cannot be led to a target, as a key of the texts, with the place that it is about. */
export interface Refusal {
  readonly why: 'inParts' | 'wholeAround' | 'noList' | 'otherList' | 'listOfLines';
  readonly place: string;
}

export type Connected = { readonly fields: readonly Line[] } | { readonly refused: Refusal };

export interface Connection {
  readonly source: TreeField;
  readonly target: TreeField;
  readonly combination?: Combination;
}

/**
 * Leads a source to a target. Where the target lies in a list that has no source yet, the list that the source lies in is
 * repeated for it. Nothing that was there is lost unless it is replaced.
 */
export function connect(
  fields: readonly Line[],
  { source, target, combination = 'replace' }: Connection,
  trees: readonly TreeField[],
  order: Order,
): Connected {
  const around = lineAround(targetLinesOf(fields), target.names);
  if (around) return { refused: { why: 'wholeAround', place: wayInWords({ root: '', names: around.names }) } };
  const prepared = withLists(fields, source, target, trees, order);
  if ('refused' in prepared) return prepared;
  const lines = targetLinesOf(prepared.fields);
  const lists = listsAround(target.names).flatMap((list) => lineOf(lines, list)?.line.each ?? []);
  const text = sourceTextFor(source, itemsOf(lists, trees));
  if (text === undefined) return { refused: { why: 'otherList', place: wayInWords(source) } };
  const current = lineOf(lines, target.names)?.line;
  const repeats = isList(target) && target.children.length > 0 && isList(source) && source.children.length > 0;
  if (repeats) {
    const { required, fields: inner = [] } = current ?? {};
    const content = { each: text, fields: inner, ...(required && { required }) };
    return { fields: putLine(prepared.fields, target.names, content, order) };
  }
  if (linesInside(lines, target.names).length > 0)
    return { refused: { why: current ? 'listOfLines' : 'inParts', place: wayInWords(target) || target.label } };
  const from = combined(current, text, combination);
  const { default: otherwise, required } = current ?? {};
  const content = {
    from,
    ...(otherwise !== undefined && current?.from && { default: otherwise }),
    ...(required && { required }),
  };
  return { fields: putLine(prepared.fields, target.names, content, order) };
}

/** The lists around the target with sources: a list that has none repeats the one that the source lies in. */
function withLists(
  fields: readonly Line[],
  source: TreeField,
  target: TreeField,
  trees: readonly TreeField[],
  order: Order,
): Connected {
  let prepared = fields;
  const sources = listsAround(source.names);
  for (const [depth, list] of listsAround(target.names).entries()) {
    const lines = targetLinesOf(prepared);
    if (lineOf(lines, list)?.line.each !== undefined) continue;
    const around = listsAround(list).flatMap((outer) => lineOf(lines, outer)?.line.each ?? []);
    const repeated = sources[depth];
    const each = repeated && sourceTextFor({ root: source.root, names: repeated }, itemsOf(around, trees));
    if (each === undefined) return { refused: { why: 'noList', place: wayInWords({ root: '', names: list }) } };
    prepared = putLine(prepared, list, { each, fields: [] }, order);
  }
  return { fields: prepared };
}

function combined(current: Line | undefined, added: string, combination: Combination): string {
  const present = current?.from;
  if (typeof present !== 'string' || present.trim() === '') return added;
  switch (combination) {
    case 'replace':
      return added;
    case 'join':
      return `${joinable(present)} & " " & ${added}`;
    case 'fallback':
      return `${inBrackets(present)} ?? ${added}`;
    case 'prefer':
      return `${added} ?: ${inBrackets(present)}`;
  }
}

/** What is joined already goes on without brackets. */
function joinable(text: string): string {
  return /^[^?:<>=+*/-]*$/.test(text.replaceAll(/"[^"]*"/g, '')) ? text : inBrackets(text);
}

function inBrackets(text: string): string {
  return /^[\w$.`]+$/.test(text) ? text : `(${text})`;
}
