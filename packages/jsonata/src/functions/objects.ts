import { type Callable, callBack } from '../callable.ts';
import type { Run } from '../run.ts';
import { appended } from '../value/append.ts';
import { copyOf } from '../value/copy.ts';
import { checkKey, fieldOf, isInherited } from '../value/field.ts';
import { holds } from '../value/truth.ts';
import { type Fields, isFields } from '../value/type.ts';
import { define, type Functions } from './define.ts';

export const objects: Functions = {
  keys: define('<x-:a<s>>', 1, keys),
  lookup: define('<x-s:x>', 2, lookup),
  merge: define('<a<o>:o>', 1, merge),
  spread: define('<x-:a<o>>', 1, (run, value: unknown) => spread(run, value)),
  each: define('<o-f:a>', 2, each),
  sift: define('<o-f?:o>', 2, sift),
  clone: define('<(oa)-:o>', 1, (run, value: unknown) => copyOf(run, value)),
};

function keys(run: Run, value: unknown): unknown {
  const found = new Set<string>();
  collectKeys(run, value, found, 1);
  run.allocateList(found.size);
  return run.marks.asSequence([...found]);
}

function collectKeys(run: Run, value: unknown, found: Set<string>, nesting: number): void {
  if (Array.isArray(value)) {
    run.spend(value.length);
    run.enter(nesting);
    for (const item of value) collectKeys(run, item, found, nesting + 1);
  } else if (isFields(value)) {
    const names = Object.keys(value);
    run.spend(names.length);
    for (const name of names) found.add(name);
  }
}

function lookup(run: Run, value: unknown, name?: string): unknown {
  if (name === undefined) return undefined;
  return fieldOf(run, value, name, isInherited(name));
}

/** Later fields win. */
function merge(run: Run, list?: readonly Fields[]): unknown {
  if (list === undefined) return undefined;
  const merged: Fields = {};
  for (const object of list) {
    const entries = Object.entries(object);
    run.spend(entries.length);
    run.allocate(32 * entries.length);
    for (const [name, value] of entries) merged[checkKey(name)] = value;
  }
  return merged;
}

/** An object as a list of objects with one field each. */
function spread(run: Run, value: unknown, nesting = 1): unknown {
  if (Array.isArray(value)) {
    run.spend(value.length);
    run.enter(nesting);
    const parts = value.map((item) => spread(run, item, nesting + 1));
    return parts.reduce<unknown>((list, part) => appended(run, list, part), run.marks.asSequence([]));
  }
  return isFields(value) ? run.marks.asSequence(fieldsOf(run, value)) : value;
}

function fieldsOf(run: Run, object: Fields): Fields[] {
  const entries = Object.entries(object);
  run.spend(entries.length);
  run.allocate(48 * entries.length);
  return entries.map(([name, value]) => ({ [checkKey(name)]: value }));
}

function each(run: Run, object?: Fields, callee?: Callable): unknown {
  const found: unknown[] = [];
  for (const [name, value] of entriesOf(run, object)) {
    const answer = callBack(run, callee as Callable, value, name, object);
    if (answer !== undefined) found.push(answer);
  }
  run.allocateList(found.length);
  return run.marks.asSequence(found);
}

function entriesOf(run: Run, object: Fields = {}): [string, unknown][] {
  const entries = Object.entries(object);
  run.spend(2 * entries.length);
  return entries;
}

/** The fields that the function holds for; nothing where there are none. */
function sift(run: Run, object?: Fields, callee?: Callable): unknown {
  const found: Fields = {};
  let count = 0;
  for (const [name, value] of entriesOf(run, object)) {
    if (!callee || !holds(run, callBack(run, callee, value, name, object))) continue;
    found[checkKey(name)] = value;
    count++;
  }
  run.allocate(24 + 32 * count);
  return count === 0 ? undefined : found;
}
