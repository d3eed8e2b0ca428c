import { Callable } from '../callable.ts';
import { JsonataError } from '../failure.ts';
import type { Run } from '../run.ts';
import { isDecimal } from './decimal.ts';
import { isNumeric } from './type.ts';

/** The value as text: text as it is, all else as JSON, fractions with 15 digits. @throws {JsonataError} D3001, D1001 */
export function textOf(run: Run, value: unknown, indented = false): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return textOfNumber(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value === null) return 'null';
  if (value === undefined || value instanceof Callable) return '';
  return isDecimal(value) ? value.digits : json(run, value, indented);
}

function textOfNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  if (!Number.isFinite(value)) throw new JsonataError('D3001');
  return String(Number(value.toPrecision(15)));
}

/** Size is reckoned first, so that the budget is asked before the text is made. */
function json(run: Run, value: unknown, indented: boolean): string {
  const list = value === run.wrapper ? (value as unknown[])[0] : value;
  const size = jsonSize(run, list, indented, 0);
  run.allocate(2 * size);
  return JSON.stringify(list, jsonField, indented ? 2 : 0);
}

function jsonField(_key: string, value: unknown): unknown {
  if (isNumeric(value)) return Number.isInteger(value) ? value : Number(value.toPrecision(15));
  return value instanceof Callable ? '' : value;
}

/** About the length of the JSON text. */
function jsonSize(run: Run, value: unknown, indented: boolean, nesting: number): number {
  if (typeof value === 'string') {
    run.spend(1 + (value.length >> 4));
    return value.length + 2;
  }
  run.spend(1);
  if (typeof value !== 'object' || value === null) return 8;
  run.enter(nesting + 1);
  const separator = indented ? 2 + 2 * nesting : 1;
  let size = 2;
  for (const [key, inner] of Object.entries(value)) {
    size += separator + (Array.isArray(value) ? 0 : key.length + 3) + jsonSize(run, inner, indented, nesting + 1);
  }
  return size;
}
