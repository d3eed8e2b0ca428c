import { Callable } from '../callable.ts';
import type { Run } from '../run.ts';
import { isNumeric } from './type.ts';

/** What a value counts as in a condition; `undefined` for no value. @throws {JsonataError} D1001 */
export function truth(run: Run, value: unknown): boolean | undefined {
  return value === undefined ? undefined : holds(run, value);
}

/**
 * The same, where no value counts as false. Lists hold when any item does; empty text, zero, null, empty objects and
 * functions do not.
 */
export function holds(run: Run, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'number') return isNumeric(value) && value !== 0;
  if (Array.isArray(value)) return someHolds(run, value);
  if (typeof value !== 'object' || value === null || value instanceof Callable) return false;
  for (const key in value) if (Object.hasOwn(value, key)) return true;
  return false;
}

function someHolds(run: Run, list: readonly unknown[]): boolean {
  run.spend(list.length);
  return list.some((item) => holds(run, item));
}
