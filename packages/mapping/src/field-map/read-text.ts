import { isObject } from '@millrace/contract';
import { compile } from '../compile.ts';
import { split, tokensOf, unwrap } from './cut.ts';
import { readLiteral } from './literal.ts';
import { isTight } from './operand.ts';
import { inside, itemOf, type Place, pointerAt } from './place.ts';
import type { TextField } from './source.ts';
import { targetOf } from './target.ts';

/** What a field says besides its target. */
type Source = Omit<TextField, 'to'>;

/**
 * Reads the shapes of text that a field map is written in. A text of no such shape is one field that has it as its
 * source, so every expression is some field map.
 *
 *     { "name": value, … }                                      fields whose targets go on with the name
 *     $list(each, function($item, $index) { $item.{ … } })      each, fields
 *     $list(each, function($item, $index) { $item.(value) })    each, one field for the whole item
 *     $required(value, "/pointer/of/the/target")                required
 *     source ?? literal                                         from, default
 *     literal                                                   default alone; an object as () ?? { … }
 *     (source)                                                  a source that would be read as one of the above
 */
export function readText(text: string, place: Place): TextField[] {
  return readObject(text, place) ?? [readField(text, place)];
}

/** Whether a source must be put in parentheses, because in this place it would be read as more than a source. */
export function isBuilt(text: string, place: Place): boolean {
  return readObject(text, place) !== undefined || readValue(text, place) !== undefined;
}

/** The same inside `$required(…)`. */
export function isBuiltInRequired(text: string): boolean {
  return readInRequired(text) !== undefined;
}

/** The same for the list of `$list(…)`. */
export function isBuiltEach(text: string, place: Place): boolean {
  return requiredIn(text, place) !== undefined || unguarded(text, (inner) => isBuiltEach(inner, place)) !== undefined;
}

function readObject(text: string, place: Place): TextField[] | undefined {
  const body = unwrap(text, '{');
  if (body === undefined || (body === '' && place.names.length > 0)) return undefined;
  const members = split(body, ',').map(readMember);
  if (!members.every((member) => member !== undefined)) return undefined;
  return members.flatMap(({ name, value }) => readText(value, inside(place, name)));
}

function readMember(text: string): { name: string; value: string } | undefined {
  const [key, colon] = tokensOf(text);
  if (key?.kind !== 'string' || key.start !== 0 || colon?.text !== ':') return undefined;
  const name = compile(key.text).syntax;
  return name.type === 'string' ? { name: name.value, value: text.slice(colon.end).trim() } : undefined;
}

function readField(text: string, place: Place): TextField {
  return { to: targetOf(place.names), ...(readValue(text, place) ?? { from: text }) };
}

function readValue(text: string, place: Place): Source | undefined {
  return (
    readList(text, place) ??
    readRequired(text, place) ??
    readFixed(text) ??
    readDefault(text) ??
    readGuarded(text, (inner) => isBuilt(inner, place))
  );
}

function readInRequired(text: string): Source | undefined {
  return readFixed(text) ?? readDefault(text) ?? readGuarded(text, isBuiltInRequired);
}

function readGuarded(text: string, isBuiltHere: (inner: string) => boolean): Source | undefined {
  const from = unguarded(text, isBuiltHere);
  return from === undefined ? undefined : { from };
}

function unguarded(text: string, isBuiltHere: (inner: string) => boolean): string | undefined {
  const inner = unwrap(text, '(');
  return inner !== undefined && isBuiltHere(inner) ? inner : undefined;
}

function readFixed(text: string): Source | undefined {
  const value = readLiteral(text);
  return value === undefined || isObject(value) ? undefined : { default: value };
}

function readDefault(text: string): Source | undefined {
  const [left = '', right, ...more] = split(text, '??');
  const value = right === undefined || more.length > 0 ? undefined : readLiteral(right);
  if (value === undefined) return undefined;
  if (left === '()') return isObject(value) ? { default: value } : undefined;
  if (isTight(left)) return { from: left, default: value };
  const inner = unwrap(left, '(');
  return inner === undefined ? undefined : { from: inner, default: value };
}

function readRequired(text: string, place: Place): Source | undefined {
  const inner = requiredIn(text, place);
  return inner === undefined ? undefined : { ...(readInRequired(inner) ?? { from: inner }), required: true };
}

/** What stands inside a `$required(…)` of exactly this place. */
function requiredIn(text: string, place: Place): string | undefined {
  const [value, pointer, ...more] = split(unwrap(text, '$required(') ?? '', ',');
  return pointer === JSON.stringify(pointerAt(place)) && more.length === 0 ? value : undefined;
}

function readList(text: string, place: Place): Source | undefined {
  const [each, item, ...more] = split(unwrap(text, '$list(') ?? '', ',');
  const fields = item === undefined || more.length > 0 ? undefined : readItem(item, itemOf(place));
  if (each === undefined || !fields) return undefined;
  const required = requiredIn(each, place);
  if (required !== undefined) return { each: required, fields, required: true };
  return { each: unguarded(each, (inner) => isBuiltEach(inner, place)) ?? each, fields };
}

/** `function($item, $index) { $item.… }` */
function readItem(text: string, place: Place): TextField[] | undefined {
  const tokens = tokensOf(text);
  const head = tokens.slice(0, 8);
  const last = tokens.at(-1);
  if (head.map((token) => token.text).join('') !== 'function($item,$index){$item.' || last?.text !== '}')
    return undefined;
  const body = text.slice(head.at(-1)?.end, last.start).trim();
  if (unwrap(body, '{') !== undefined) return readObject(body, place);
  const value = unwrap(body, '(');
  return value === undefined || readObject(value, place) ? undefined : [readField(value, place)];
}
