import { JsonataError } from '../failure.ts';
import type { Marks } from './marks.ts';

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
export function fieldOf(value: unknown, name: string, careful: boolean, marks: Marks): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return ownField(value, name, careful);
  const found: unknown[] = [];
  collect(value, name, careful, found);
  return marks.collapsed(found);
}

function collect(list: readonly unknown[], name: string, careful: boolean, found: unknown[]): void {
  for (const item of list) {
    if (typeof item !== 'object' || item === null) continue;
    if (Array.isArray(item)) {
      collect(item, name, careful, found);
      continue;
    }
    const value = ownField(item, name, careful);
    if (Array.isArray(value)) for (const inner of value) found.push(inner);
    else if (value !== undefined) found.push(value);
  }
}

/** @throws {JsonataError} D1013 for a name that would reach a prototype */
export function checkKey(key: string): string {
  if (key === '__proto__') throw new JsonataError('D1013');
  return key;
}
