import type { Versions } from './versions.ts';

/** The names of a list's items in one order, made of the orders of three versions. */
export interface Woven {
  readonly order: readonly string[];
  /** Both sides have moved what they share, to different places: the order is mine. */
  readonly isContested: boolean;
}

/**
 * Puts what is in either side into one order. What both have stands as the side has it that moved something; what only
 * one has stays behind its neighbour there. Where both put something behind the same neighbour, the alphabet decides, so
 * that it does not matter which side is which.
 */
export function weave({ base, mine, theirs }: Versions<readonly string[]>): Woven {
  const shared = new Set(mine.filter((name) => theirs.includes(name)));
  const orders = [base, mine, theirs].map((names) => names.filter((name) => shared.has(name)));
  const [before = [], left = [], right = []] = orders;
  const isMineMoved = !isSame(before, left);
  const skeleton = isMineMoved ? left : right;
  const isContested = isMineMoved && !isSame(before, right) && !isSame(left, right);
  return { order: arrange(skeleton, mine, theirs), isContested };
}

/** Names in the order of the skeleton; every other name of a list stays behind its neighbour there. */
export function arrange(skeleton: readonly string[], ...lists: readonly (readonly string[])[]): readonly string[] {
  const fixed = new Set(skeleton);
  const runs = lists.map((names) => runsBehind(names, fixed));
  const behind = (name?: string) =>
    runs
      .flatMap((run) => [run.get(name) ?? []])
      .sort(byFirst)
      .flat();
  return [...behind(), ...skeleton.flatMap((name) => [name, ...behind(name)])];
}

/** Names that are not fixed, by the fixed one before them; nothing stands for the beginning. */
function runsBehind(names: readonly string[], fixed: ReadonlySet<string>): Map<string | undefined, string[]> {
  const runs = new Map<string | undefined, string[]>();
  let neighbour: string | undefined;
  for (const name of names) {
    if (fixed.has(name)) neighbour = name;
    else runs.set(neighbour, [...(runs.get(neighbour) ?? []), name]);
  }
  return runs;
}

function byFirst([a = '']: readonly string[], [b = '']: readonly string[]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, at) => name === b[at]);
}
