import { Callable } from '../callable.ts';
import type { Run } from '../run.ts';
import { isDecimal, sameNumber } from './decimal.ts';

/** Whether two values are the same data; functions are the same only as themselves. */
export function equal(run: Run, left: unknown, right: unknown): boolean {
  chargeComparison(run, left, right);
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return sameNumber(left, right);
  }
  return equalObjects(run, left, right, 0);
}

/** Short texts are compared in no time. */
const shortText = 256;

/** Charges the comparison of two long texts. */
export function chargeComparison(run: Run, left: unknown, right: unknown): void {
  if (typeof left !== 'string' || left.length < shortText || typeof right !== 'string') return;
  run.spend(Math.min(left.length, right.length) >> 5);
}

function equalObjects(run: Run, left: object, right: object, nesting: number): boolean {
  if (left instanceof Callable || right instanceof Callable) return false;
  if (isDecimal(left) || isDecimal(right)) return sameNumber(left, right);
  if (Array.isArray(left)) return Array.isArray(right) && equalLists(run, left, right, nesting);
  if (Array.isArray(right)) return false;
  const keys = Object.keys(left);
  run.spend(keys.length);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equalWithin(run, field(left, key), field(right, key), nesting))
  );
}

function equalLists(run: Run, left: readonly unknown[], right: readonly unknown[], nesting: number): boolean {
  if (left.length !== right.length) return false;
  run.spend(left.length);
  return left.every((item, index) => equalWithin(run, item, right[index], nesting));
}

function equalWithin(run: Run, left: unknown, right: unknown, nesting: number): boolean {
  chargeComparison(run, left, right);
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return sameNumber(left, right);
  }
  run.enter(nesting + 1);
  return equalObjects(run, left, right, nesting + 1);
}

function field(object: object, key: string): unknown {
  return (object as Record<string, unknown>)[key];
}
