import type { Frame } from '../frame.ts';

/**
 * A compiled expression: what it gives for an input (`$`) and the variables in reach. No value is `undefined`; of a
 * result of several values what JSONata makes of it (see `marks.ts`).
 */
export type Closure = (input: unknown, frame: Frame) => unknown;

export interface Code {
  readonly run: Closure;
  /** Fuel of one evaluation. What is repeated (items of a path, calls) pays for each time by itself. */
  readonly cost: number;
  /** Closures inside one another, this one included. */
  readonly height: number;
  /** It is the same value each time, which whoever uses it may take at once. */
  readonly literal?: { readonly value: unknown };
}

/** A closure together with what it costs, on top of the parts that run each time that it does. */
export function code(run: Closure, parts: readonly Code[] = [], loops: readonly Code[] = []): Code {
  let cost = 1;
  let height = 0;
  for (const part of parts) cost += part.cost;
  for (const part of [...parts, ...loops]) height = Math.max(height, part.height);
  return { run, cost, height: height + 1 };
}

/** The same code with another closure. */
export function withClosure(of: Code, run: Closure): Code {
  return { run, cost: of.cost + 1, height: of.height + 1 };
}
