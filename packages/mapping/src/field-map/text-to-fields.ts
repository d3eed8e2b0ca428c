import { analyse } from '../analyse.ts';
import { compile } from '../compile.ts';
import { commentsOf } from './cut.ts';
import type { FieldMap } from './field-map.ts';
import { fieldsToText } from './fields-to-text.ts';
import { wholeTarget } from './place.ts';
import { readText } from './read-text.ts';
import { textsToPaths } from './source.ts';
import { fieldMapProblems } from './tree.ts';

/**
 * The field map that a JSONata text says, so that writing it again loses nothing: what a field cannot say in parts stays
 * as its source. Nothing where the text is no expression, or has comments outside of the sources.
 */
export function textToFields(text: string): FieldMap | undefined {
  if (analyse(text).error) return undefined;
  const fields = textsToPaths(readText(text.trim(), wholeTarget));
  if (fieldMapProblems(fields).length > 0) return undefined;
  return saysTheSame(fieldsToText(fields), text) ? fields : undefined;
}

function saysTheSame(written: string, original: string): boolean {
  return structureOf(written) === structureOf(original) && commentsOf(written).join() === commentsOf(original).join();
}

/** The syntax tree without the places of its nodes in the text. */
function structureOf(text: string): string {
  return JSON.stringify(compile(text).syntax, (key, value: unknown) => {
    if (key === 'position' || key === 'slot') return undefined;
    return value instanceof RegExp ? String(value) : value;
  });
}
