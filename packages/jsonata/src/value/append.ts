import type { Run } from '../run.ts';

/** Two values as one list; a missing one leaves the other as it is. */
export function appended(run: Run, first: unknown, second: unknown): unknown {
  if (first === undefined) return second;
  if (second === undefined) return first;
  const left = Array.isArray(first) ? first : [first];
  const right = Array.isArray(second) ? second : [second];
  run.allocateList(left.length + right.length);
  run.spend(left.length + right.length);
  return left.concat(right);
}
