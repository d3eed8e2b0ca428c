import { JsonataError } from '../failure.ts';
import type { Run } from '../run.ts';

const inherited: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Names that every object inherits must be looked up with care; all others may be read the fast way. */
export function isInherited(name: string): boolean {
  return inherited.has(name);
}

/**
 * One field of an object of the data. Nothing of a prototype is ever read.
 * @param careful what {@link isInherited} says of the name
 */
export function ownField(object: object, name: string, careful: boolean): unknown {
  return careful && !Object.hasOwn(object, name) ? undefined : (object as Record<string, unknown>)[name];
}

/** What a name gives for any value: for a list what it gives for the items, and theirs. */
export function fieldOf(run: Run, value: unknown, name: string, careful: boolean): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return ownField(value, name, careful);
  const found: unknown[] = [];
  collect(run, value, name, careful, found);
  return run.marks.collapsed(found);
}

function collect(run: Run, list: readonly unknown[], name: string, careful: boolean, found: unknown[]): void {
  run.spend(list.length);
  for (const item of list) {
    if (typeof item !== 'object' || item === null) continue;
    if (Array.isArray(item)) {
      collect(run, item, name, careful, found);
      continue;
    }
    const value = ownField(item, name, careful);
    if (Array.isArray(value)) {
      run.spend(value.length);
      run.allocateList(value.length);
      for (const inner of value) found.push(inner);
    } else if (value !== undefined) found.push(value);
  }
}

/** @throws {JsonataError} D1013 for a name that would reach a prototype */
export function checkKey(key: string): string {
  if (key === '__proto__') throw new JsonataError('D1013');
  return key;
}
