import type { Ratio } from './ratios.ts';

/** A ratio that became worse by more than is allowed. */
export interface Regression {
  readonly name: string;
  readonly before: number;
  readonly now: number;
}

/** A quarter worse than when it was recorded last. */
const allowed = 0.25;

/** Ratios that only one of both knows are not compared. Costs grow at best as what they are for: less was luck that time. */
export function regressionsOf(now: readonly Ratio[], last: readonly Ratio[]): Regression[] {
  return now.flatMap(({ name, value, better }) => {
    const before = last.find((one) => one.name === name)?.value;
    if (before === undefined) return [];
    const worse = better === 'higher' ? value < before * (1 - allowed) : value > Math.max(before, 1) * (1 + allowed);
    return worse ? [{ name, before, now: value }] : [];
  });
}
