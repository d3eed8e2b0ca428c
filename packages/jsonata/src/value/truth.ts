import { Callable } from '../callable.ts';
import { isNumeric } from './type.ts';

/**
 * What a value counts as in a condition; `undefined` for no value. Lists hold when any item does; empty text, zero,
 * null, empty objects and functions do not. @throws {JsonataError} D1001
 */
export function truth(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === undefined) return undefined;
  return holds(value);
}

/** The same, where no value counts as false. */
export function holds(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'number') return isNumeric(value) && value !== 0;
  if (Array.isArray(value)) return value.some(holds);
  if (typeof value !== 'object' || value === null || value instanceof Callable) return false;
  for (const key in value) if (Object.hasOwn(value, key)) return true;
  return false;
}
