import type { Run } from './run.ts';

/** How many arguments a function makes use of; functions such as `$map` hand over no more. */
export const arity: unique symbol = Symbol('arity');
/** Calls a function. */
export const call: unique symbol = Symbol('call');

/**
 * A function as a value of the language. Data can never be one: an object that looks like a function stays data. What
 * it is made of is private or named by symbols, so that a path into it finds nothing.
 */
export abstract class Callable {
  abstract get [arity](): number;

  /**
   * @param args taken over
   * @param input what `$` is at the call; takes the place of a missing first argument where the signature says so
   * @returns the value, where a short sequence is still marked as one (see `marks.ts`)
   */
  abstract [call](run: Run, args: unknown[], input: unknown): unknown;
}

/** Calls with as many of the arguments as the function makes use of: one at least, three at most. */
export function callBack(run: Run, callee: Callable, first: unknown, second?: unknown, third?: unknown): unknown {
  const count = callee[arity];
  if (count < 2) return callee[call](run, [first], undefined);
  return callee[call](run, count === 2 ? [first, second] : [first, second, third], undefined);
}
