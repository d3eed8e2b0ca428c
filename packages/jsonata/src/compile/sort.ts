import { JsonataError } from '../failure.ts';
import type { Frame } from '../frame.ts';
import type { NodeOf } from '../front/syntax.ts';
import { decimalOf, type Operand } from '../value/arithmetic.ts';
import { isDecimal } from '../value/decimal.ts';
import { chargeComparison } from '../value/equality.ts';
import { mergeSort } from '../value/merge-sort.ts';
import type { Code } from './code.ts';
import type { Scope } from './scope.ts';

type Sort = NodeOf<'sort'>;

interface Term {
  readonly key: Code;
  readonly descending: boolean;
}

/** An item with what it is sorted by, evaluated when first needed. */
interface Keyed<T> {
  readonly item: T;
  readonly keys: unknown[];
}

export interface Sorting {
  /** @param keyOf evaluates a key for an item; `$` is the item unless told otherwise */
  run<T>(items: readonly T[], frame: Frame, keyOf?: (key: Code, item: T) => unknown): T[];
  readonly height: number;
}

/** `^(a, >b)`. Items without a key come last. */
export function compileSort(node: Sort, scope: Scope): Sorting {
  const terms = node.terms.map(({ expression, descending }) => ({
    key: scope.unit.compile(expression, scope),
    descending,
  }));
  const cost = terms.reduce((sum, { key }) => sum + key.cost, 0);
  return {
    run: (items, frame, keyOf = (key, item) => key.run(item, frame)) => {
      if (items.length < 2) return [...items];
      frame.run.spend(items.length * cost, node.position);
      frame.run.allocate(items.length * 64, node.position);
      if (terms.length === 1) {
        const [term] = terms as [Term];
        const keys = items.map((item) => keyOf(term.key, item));
        if (areAlike(keys)) return sortedBy(items, keys, term.descending, frame);
      }
      const keyed = items.map((item) => ({ item, keys: [] }));
      const sorted = mergeSort(frame.run, keyed, (first, second) => isAfter(first, second, terms, keyOf, node));
      return sorted.map(({ item }) => item);
    },
    height: 1 + Math.max(0, ...terms.map(({ key }) => key.height)),
  };
}

/** Keys that can be compared without a second thought. */
function areAlike(keys: readonly unknown[]): keys is readonly number[] {
  const type = typeof keys[0];
  return (type === 'number' || type === 'string') && keys.every((key) => typeof key === type);
}

function sortedBy<T>(items: readonly T[], keys: readonly number[], descending: boolean, { run }: Frame): T[] {
  for (const key of keys) chargeComparison(run, key, key);
  const after = descending
    ? (a: number, b: number) => (keys[a] as number) < (keys[b] as number)
    : (a: number, b: number) => (keys[a] as number) > (keys[b] as number);
  return mergeSort(run, [...items.keys()], after).map((index) => items[index] as T);
}

function isAfter<T>(
  first: Keyed<T>,
  second: Keyed<T>,
  terms: readonly Term[],
  keyOf: (key: Code, item: T) => unknown,
  node: Sort,
): boolean {
  for (let index = 0; index < terms.length; index++) {
    const { key, descending } = terms[index] as Term;
    if (index >= first.keys.length) first.keys.push(keyOf(key, first.item));
    if (index >= second.keys.length) second.keys.push(keyOf(key, second.item));
    const sign = compared(first.keys[index], second.keys[index], descending, node);
    if (sign !== 0) return sign > 0;
  }
  return false;
}

/** @throws {JsonataError} T2008, T2007 */
function compared(first: unknown, second: unknown, descending: boolean, { position }: Sort): number {
  if (first === undefined) return second === undefined ? 0 : 1;
  if (second === undefined) return -1;
  const kind = kindOf(first);
  if (kind === undefined || kindOf(second) === undefined) throw new JsonataError('T2008', { position });
  if (kind !== kindOf(second)) throw new JsonataError('T2007', { position });
  const sign = order(first, second);
  return descending ? -sign : sign;
}

function order(first: unknown, second: unknown): number {
  if (isDecimal(first) || isDecimal(second)) return decimalOf(first as Operand).cmp(decimalOf(second as Operand));
  if (first === second) return 0;
  return (first as number) < (second as number) ? -1 : 1;
}

function kindOf(key: unknown): 'string' | 'number' | undefined {
  if (typeof key === 'string') return 'string';
  return typeof key === 'number' || isDecimal(key) ? 'number' : undefined;
}
