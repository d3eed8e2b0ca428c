import { Callable } from '../callable.ts';
import { JsonataError } from '../failure.ts';
import { isDecimal } from './decimal.ts';

export type Fields = Record<string, unknown>;

/** An object of the data: no list, no function. */
export function isFields(value: unknown): value is Fields {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Callable) &&
    !isDecimal(value)
  );
}

/** Whether the value is a number; what `0/0` gives is none. @throws {JsonataError} D1001 for infinite ones */
export function isNumeric(value: unknown): value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) throw new JsonataError('D1001');
  return true;
}

/** Also true of an empty list, as in JSONata. */
export function isListOfNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isNumeric);
}

export function isListOfTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
