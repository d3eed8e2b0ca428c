import { arity, Callable, call } from './callable.ts';
import type { Run } from './run.ts';

/** What stands for an argument that is still to be given. */
export const hole: unique symbol = Symbol('hole');

/** A function with some of its arguments given: `$f(?, 1)`. */
export class Partial extends Callable {
  readonly #callee: Callable;
  readonly #given: readonly unknown[];

  constructor(callee: Callable, given: readonly unknown[]) {
    super();
    this.#callee = callee;
    this.#given = given;
  }

  override get [arity](): number {
    return this.#given.filter((arg) => arg === hole).length;
  }

  override [call](run: Run, args: unknown[], input: unknown): unknown {
    let next = 0;
    const all = this.#given.map((arg) => (arg === hole ? args[next++] : arg));
    run.depth += 2;
    run.enter(0);
    const result = this.#callee[call](run, all, input);
    run.depth -= 2;
    return result;
  }
}

/** `$f ~> $g`: the second of the first. */
export class Composition extends Callable {
  readonly #first: Callable;
  readonly #second: Callable;

  constructor(first: Callable, second: Callable) {
    super();
    this.#first = first;
    this.#second = second;
  }

  override get [arity](): number {
    return 1;
  }

  override [call](run: Run, args: unknown[], input: unknown): unknown {
    run.depth += 2;
    run.enter(0);
    const between = run.marks.settled(this.#first[call](run, [run.marks.settled(args[0])], input));
    const result = this.#second[call](run, [between], input);
    run.depth -= 2;
    return result;
  }
}
