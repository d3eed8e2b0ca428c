import { isList, type TreeField } from './field-tree.ts';
import { lineOf, linesInside, type TargetLine } from './target-lines.ts';

/** Places that the target requires and no line makes; what is in an object that need not be there counts once it is begun. */
export function openRequired(target: TreeField, lines: readonly TargetLine[]): TreeField[] {
  if (lines.some(({ names }) => names.length === 0)) return [];
  return target.children.flatMap((field) => {
    const own = lineOf(lines, field.names);
    if (own) return own.line.each === undefined ? [] : openRequired(field, lines);
    const isBegun = linesInside(lines, field.names).length > 0;
    if (!(field.required || isBegun)) return [];
    const isObject = field.children.length > 0 && !isList(field);
    return isObject ? openRequired(field, lines) : [field];
  });
}
