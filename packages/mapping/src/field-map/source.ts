import { MillraceError } from '@millrace/contract';
import { pathToText, type SourcePath } from '../source-path/source-path.ts';
import { sameTokens, split, unwrap } from './cut.ts';
import type { Field, FieldMap } from './field-map.ts';

/** A field whose sources are texts. */
export interface TextField extends Omit<Field, 'from' | 'each' | 'fields'> {
  readonly from?: string;
  readonly each?: string;
  readonly fields?: readonly TextField[];
}

/**
 * Paths among the sources become texts, so that nothing behind this knows of them: `("xpath /Order/@no"; $$.Order.…)`,
 * the path as it was written and the JSONata that does it. A text that looks like that by itself gets parentheses.
 */
export function pathsToTexts(fields: FieldMap): TextField[] {
  return fields.map(({ from, each, fields: inner, ...rest }) => ({
    ...rest,
    ...(from !== undefined && { from: sourceText(from) }),
    ...(each !== undefined && { each: sourceText(each) }),
    ...(inner !== undefined && { fields: pathsToTexts(inner) }),
  }));
}

/** The way back of {@link pathsToTexts}; loses nothing. */
export function textsToPaths(fields: readonly TextField[]): FieldMap {
  return fields.map(({ from, each, fields: inner, ...rest }) => ({
    ...rest,
    ...(from !== undefined && { from: sourceOf(from) }),
    ...(each !== undefined && { each: sourceOf(each) }),
    ...(inner !== undefined && { fields: textsToPaths(inner) }),
  }));
}

function sourceText(source: string | SourcePath): string {
  if (typeof source === 'string') return looksLikePath(source) ? `(${source})` : source;
  const [notation, path] = Object.entries(source)[0] as [string, string];
  return `(${JSON.stringify(`${notation} ${path}`)}; ${pathToText(source)})`;
}

function sourceOf(text: string): string | SourcePath {
  const path = pathIn(text);
  if (path) return path;
  const inner = unwrap(text, '(');
  return inner !== undefined && looksLikePath(inner) ? inner : text;
}

function looksLikePath(text: string): boolean {
  if (pathIn(text)) return true;
  const inner = unwrap(text, '(');
  return inner !== undefined && looksLikePath(inner);
}

/** The path, where the text is what {@link sourceText} makes of one, apart from white space. */
function pathIn(text: string): SourcePath | undefined {
  const [label = '', ...rest] = split(unwrap(text, '(') ?? '', ';');
  const path = rest.length === 1 ? labelled(label) : undefined;
  return path && isPath(path) && sameTokens(sourceText(path), text) ? path : undefined;
}

function labelled(label: string): SourcePath | undefined {
  const [, notation, path = ''] = /^(xpath|jsonpath) ([\s\S]+)$/.exec(textOf(label) ?? '') ?? [];
  if (notation === undefined) return undefined;
  return notation === 'xpath' ? { xpath: path } : { jsonpath: path };
}

function textOf(literal: string): string | undefined {
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function isPath(path: SourcePath): boolean {
  try {
    pathToText(path);
    return true;
  } catch (thrown) {
    if (thrown instanceof MillraceError) return false;
    throw thrown;
  }
}
