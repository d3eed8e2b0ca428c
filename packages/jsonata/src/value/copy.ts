import { Callable } from '../callable.ts';
import type { Run } from '../run.ts';
import { checkKey } from './field.ts';
import { type Fields, isFields } from './type.ts';

/** A deep copy of data. Functions become empty text, and what is missing is left out, as in JSON. */
export function copyOf(run: Run, value: unknown, nesting = 0): unknown {
  run.spend(1);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Callable) return '';
  run.enter(nesting + 1);
  if (Array.isArray(value)) {
    run.allocateList(value.length);
    return value.map((item) => copyOf(run, item, nesting + 1) ?? null);
  }
  return isPlain(value) ? copyOfFields(run, value, nesting) : value;
}

function copyOfFields(run: Run, fields: Fields, nesting: number): Fields {
  const copy: Fields = {};
  const entries = Object.entries(fields);
  run.allocate(24 + 16 * entries.length);
  for (const [name, value] of entries) {
    const inner = copyOf(run, value, nesting + 1);
    if (inner !== undefined) copy[checkKey(name)] = inner;
  }
  return copy;
}

/** Values of a class of the host's are taken over as they are. */
function isPlain(value: object): value is Fields {
  if (!isFields(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
