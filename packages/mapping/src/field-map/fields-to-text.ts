import { isObject, type Json } from '@millrace/contract';
import type { FieldMap } from './field-map.ts';
import { literalText } from './literal.ts';
import { isTight } from './operand.ts';
import { inside, itemOf, type Place, pointerAt, wholeTarget } from './place.ts';
import { isBuilt, isBuiltEach, isBuiltInRequired } from './read-text.ts';
import { pathsToTexts, type TextField } from './source.ts';
import { assertValid, type Tree, treeOf } from './tree.ts';

/**
 * One readable JSONata text that does what the field map says; `textToFields` is the way back, and `read-text.ts` lists
 * the shapes. Fields whose targets begin alike are brought together.
 * @throws {MillraceError} FIELD_MAP_INVALID with every problem of the field map
 */
export function fieldsToText(fields: FieldMap): string {
  assertValid(fields);
  return treeText(treeOf(pathsToTexts(fields)), wholeTarget, '');
}

function treeText(tree: Tree, place: Place, indent: string): string {
  return tree instanceof Map ? objectText(tree, place, indent) : fieldText(tree, place, indent);
}

function objectText(tree: ReadonlyMap<string, Tree>, place: Place, indent: string): string {
  if (tree.size === 0) return '{}';
  const deeper = `${indent}  `;
  const member = ([name, value]: [string, Tree]) =>
    `${deeper}${JSON.stringify(name)}: ${treeText(value, inside(place, name), deeper)}`;
  return `{\n${[...tree].map(member).join(',\n')}\n${indent}}`;
}

function fieldText(field: TextField, place: Place, indent: string): string {
  if (field.each !== undefined) return listText(field, field.each, place, indent);
  return field.required ? required(sourceText(field, isBuiltInRequired), place) : sourceText(field, isBuilt, place);
}

function sourceText(
  { from, default: otherwise }: TextField,
  isBuiltHere: typeof isBuilt | typeof isBuiltInRequired,
  place = wholeTarget,
) {
  if (from === undefined) return fixedText(otherwise ?? null);
  if (otherwise === undefined) return isBuiltHere(from, place) ? `(${from})` : from;
  return `${isTight(from) ? from : `(${from})`} ?? ${literalText(otherwise)}`;
}

/** A bare object would be read as fields of their own; `()` is JSONata's nothing. */
function fixedText(value: Json): string {
  return isObject(value) ? `() ?? ${literalText(value)}` : literalText(value);
}

function required(text: string, place: Place): string {
  return `$required(${text}, ${JSON.stringify(pointerAt(place))})`;
}

function listText(field: TextField, each: string, place: Place, indent: string): string {
  const item = treeOf(field.fields ?? []);
  const text = treeText(item, itemOf(place), indent);
  const body = item instanceof Map ? text : `(${text})`;
  return `$list(${eachText(field, each, place)}, function($item, $index) { $item.${body} })`;
}

function eachText(field: TextField, each: string, place: Place): string {
  if (field.required) return required(each, place);
  return isBuiltEach(each, place) ? `(${each})` : each;
}
