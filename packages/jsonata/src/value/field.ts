import { JsonataError } from '../failure.ts';
import { collapsed } from './marks.ts';

/** Reads one field of an object of the data. Nothing of a prototype is ever read. */
export type ReadField = (object: object) => unknown;

const onPrototype: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

export function isInherited(name: string): boolean {
  return onPrototype.has(name);
}

/** Names that every object inherits are looked up with care, all others the fast way. */
export function fieldReader(name: string): ReadField {
  if (!isInherited(name)) return (object) => (object as Record<string, unknown>)[name];
  return (object) => ownField(object, name);
}

function ownField(object: object, name: string): unknown {
  return Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;
}

/** What a name gives for any value: for a list what it gives for the items, and theirs. */
export function fieldOf(value: unknown, read: ReadField): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return read(value);
  const found: unknown[] = [];
  collect(value, read, found);
  return collapsed(found);
}

function collect(list: readonly unknown[], read: ReadField, found: unknown[]): void {
  for (const item of list) {
    if (typeof item !== 'object' || item === null) continue;
    if (Array.isArray(item)) {
      collect(item, read, found);
      continue;
    }
    const value = read(item);
    if (Array.isArray(value)) for (const inner of value) found.push(inner);
    else if (value !== undefined) found.push(value);
  }
}

/** @throws {JsonataError} D1013 for a name that would reach a prototype */
export function checkKey(key: string): string {
  if (key === '__proto__') throw new JsonataError('D1013');
  return key;
}
