import type { Run } from '../run.ts';

/**
 * Sorts into a new list, stably. JSONata asks its comparing functions in this very order, which shows where a function
 * contradicts itself or fails. @param isAfter whether the first belongs behind the second
 */
export function mergeSort<T>(run: Run, list: readonly T[], isAfter: (first: T, second: T) => boolean): T[] {
  run.spend(list.length * (1 + Math.ceil(Math.log2(list.length + 1))));
  run.allocateList(list.length * 2);
  const source = [...list];
  const target = [...list];
  sortInto(target, source, 0, list.length, isAfter);
  return target;
}

/** Both lists hold the same items between the two positions; `source` serves as working space. */
function sortInto<T>(target: T[], source: T[], from: number, to: number, isAfter: (a: T, b: T) => boolean): void {
  if (to - from < 2) return;
  const middle = from + Math.floor((to - from) / 2);
  sortInto(source, target, from, middle, isAfter);
  sortInto(source, target, middle, to, isAfter);
  let left = from;
  let right = middle;
  for (let at = from; at < to; at++) {
    const takesRight = left === middle || (right < to && isAfter(source[left] as T, source[right] as T));
    target[at] = source[takesRight ? right++ : left++] as T;
  }
}
