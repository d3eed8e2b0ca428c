import type { Frame } from '../frame.ts';
import type { Syntax } from '../front/syntax.ts';

/** What becomes of what a function gives: a short sequence is to be made a value, unless filters follow. */
export type Finish = (value: unknown, frame: Frame) => unknown;

const settled: Finish = (value, { run }) => run.marks.settled(value);
const settledKept: Finish = (value, { run }) => run.marks.settledKept(value);
export const asIs: Finish = (value) => value;

export function finishOf({ predicate, group, keepArray }: Syntax): Finish {
  if (predicate || group) return asIs;
  return keepArray ? settledKept : settled;
}
