import { type Callable, call } from '../callable.ts';
import { JsonataError } from '../failure.ts';
import type { Run } from '../run.ts';
import { appended } from '../value/append.ts';
import { decimalOf, type Operand } from '../value/arithmetic.ts';
import { isDecimal } from '../value/decimal.ts';
import { equal } from '../value/equality.ts';
import { mergeSort } from '../value/merge-sort.ts';
import { holds } from '../value/truth.ts';
import { isListOfNumbers, isListOfTexts } from '../value/type.ts';
import { define, type Functions } from './define.ts';

type List = readonly unknown[];

export const lists: Functions = {
  append: define('<xx:a>', 2, appended),
  reverse: define('<a:a>', 1, reverse),
  distinct: define('<x:x>', 1, distinct),
  sort: define('<af?:a>', 2, sort),
  shuffle: define('<a:a>', 1, shuffle),
  zip: define('<a+>', 0, zip),
};

function reverse(run: Run, list?: List): unknown {
  if (list === undefined || list.length < 2) return list;
  charge(run, list);
  return list.toReversed();
}

function charge(run: Run, list: List): void {
  run.spend(list.length);
  run.allocateList(list.length);
}

/** The first of all equal items; of a sequence a sequence. */
function distinct(run: Run, list?: unknown): unknown {
  if (!Array.isArray(list) || list.length < 2) return list;
  charge(run, list);
  const simple = new Set<unknown>();
  const objects: unknown[] = [];
  const kept = list.filter((item) => {
    if (typeof item === 'object' && item !== null) return isNew(run, objects, item);
    if (simple.has(item)) return false;
    simple.add(item);
    return true;
  });
  return run.marks.isSequence(list) ? run.marks.asSequence(kept) : kept;
}

function isNew(run: Run, known: unknown[], item: unknown): boolean {
  run.spend(known.length);
  if (known.some((other) => equal(run, other, item))) return false;
  known.push(item);
  return true;
}

/** @throws {JsonataError} D3070 for mixed items without a comparing function */
function sort(run: Run, list?: List, comparator?: Callable): unknown {
  if (list === undefined || list.length < 2) return list;
  if (comparator) return mergeSort(run, list, (a, b) => holds(run, comparator[call](run, [a, b], undefined)));
  if (isListOfTexts(list) || isListOfNumbers(list)) return mergeSort<string | number>(run, list, (a, b) => a > b);
  if (!list.every((item) => typeof item === 'number' || isDecimal(item))) throw new JsonataError('D3070', { index: 1 });
  return mergeSort(run, list as readonly Operand[], (a, b) => decimalOf(a).gt(decimalOf(b)));
}

/** Fisher and Yates, inside out. */
function shuffle(run: Run, list?: List): unknown {
  if (list === undefined || list.length < 2) return list;
  charge(run, list);
  const shuffled: unknown[] = [];
  for (const [index, item] of list.entries()) {
    const at = Math.floor(run.host.random() * (index + 1));
    shuffled[index] = shuffled[at];
    shuffled[at] = item;
  }
  return shuffled;
}

function zip(run: Run, ...columns: (List | undefined)[]): unknown[] {
  const length = Math.min(...columns.map((column) => column?.length ?? 0));
  run.spend(length * columns.length);
  run.allocate(length * (16 + 8 * columns.length));
  return Array.from({ length }, (_, row) => columns.map((column) => column?.[row]));
}
