import type { Edit } from './change.ts';

/** The shortest stretch that makes one text the other. */
export function editOf(before: string, after: string): Edit {
  const shorter = Math.min(before.length, after.length);
  const from = countWhile(shorter, (at) => before[at] === after[at]);
  const behind = countWhile(shorter - from, (at) => before.at(-1 - at) === after.at(-1 - at));
  return { from, before: before.slice(from, before.length - behind), after: after.slice(from, after.length - behind) };
}

function countWhile(most: number, isSo: (at: number) => boolean): number {
  let count = 0;
  while (count < most && isSo(count)) count += 1;
  return count;
}
