import type { OpenWait, UnmatchedSignal } from '../api/types.ts';

/** Waits in the order in which the signal may be theirs: first those on its channel, of these first whose key is most alike. */
export function likelyFirst<W extends Pick<OpenWait, 'channel' | 'key'>>(
  waits: readonly W[],
  { channel, key }: Pick<UnmatchedSignal, 'channel' | 'key'>,
): readonly W[] {
  const likelihood = (wait: W) => (wait.channel === channel ? 1_000 : 0) + alike(wait.key, key ?? '');
  return waits.toSorted((a, b) => likelihood(b) - likelihood(a));
}

/** How many characters two keys have in common at their beginnings and ends. */
function alike(one: string, other: string): number {
  const shorter = Math.min(one.length, other.length);
  let begin = 0;
  while (begin < shorter && one[begin] === other[begin]) begin++;
  let end = 0;
  while (end < shorter - begin && one.at(-1 - end) === other.at(-1 - end)) end++;
  return begin + end;
}
