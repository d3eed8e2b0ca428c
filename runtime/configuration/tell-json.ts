import { isObject, type Json, writeJson } from '@millrace/contract';
import { compare } from './configuration.ts';

/** Values are told up to this many characters. */
const longest = 80;
/** Of one part at most; the rest is counted. */
const mostTold = 50;

/** Sentences of what makes one value another, place by place; entries of a list are told apart by their keys. */
export function tellJson(before: Json, after: Json): readonly string[] {
  const sentences = changes(before, after, []);
  const more = sentences.length - mostTold;
  return more > 0 ? [...sentences.slice(0, mostTold), `And ${more} more.`] : sentences;
}

function changes(before: Json | undefined, after: Json | undefined, path: readonly string[]): string[] {
  if (before === undefined) return [`${subject(path)} is new: ${short(after)}.`];
  if (after === undefined) return [`${subject(path)} is gone: ${short(before)}.`];
  if (writeJson(before) === writeJson(after)) return [];
  const [from, to] = [membersOf(before), membersOf(after)];
  if (!from || !to) return [`${subject(path)} changes from ${short(before)} to ${short(after)}.`];
  const names = [...new Set([...from.keys(), ...to.keys()])].sort(compare);
  return names.flatMap((name) => changes(from.get(name), to.get(name), [...path, name]));
}

function membersOf(value: Json): ReadonlyMap<string, Json> | undefined {
  if (isObject(value)) return new Map(Object.entries(value));
  if (!Array.isArray(value)) return undefined;
  const named = value.map((item: Json) => [nameOf(item), item] as const);
  const byName = new Map(named.filter((each): each is readonly [string, Json] => each[0] !== undefined));
  return byName.size === value.length ? byName : undefined;
}

/** An entry of a code table by its key, and the day from which on it holds; a line of a mapping by its target. */
function nameOf(item: Json): string | undefined {
  if (!isObject(item)) return undefined;
  const name = item.key ?? item.to;
  if (typeof name !== 'string') return undefined;
  return typeof item.validFrom === 'string' ? `${name} from ${item.validFrom}` : name;
}

function subject(path: readonly string[]): string {
  return path.length === 0 ? 'It' : `“${path.join(' / ')}”`;
}

function short(value: Json | undefined): string {
  const text = writeJson(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
