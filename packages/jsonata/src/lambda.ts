import { arity, Callable, call } from './callable.ts';
import type { Code } from './compile/code.ts';
import type { Frame, Layout } from './frame.ts';
import type { Run } from './run.ts';
import type { Signature } from './signature/signature.ts';

/** What a function gives that ends with a call: the call is in `run.tail`, and is made by whoever called the function. */
export const tailCall: unique symbol = Symbol('tail call');

/** What all functions made by one place in the text have in common. */
export interface LambdaShape {
  readonly parameters: number;
  readonly signature: Signature | undefined;
  readonly body: Code;
  readonly layout: Layout;
}

/** A function of the expression together with the variables in its reach. */
export class Lambda extends Callable {
  readonly #shape: LambdaShape;
  readonly #frame: Frame;
  readonly #input: unknown;

  /** @param input what `$` is in the body: that of the place where the function was made */
  constructor(shape: LambdaShape, frame: Frame, input: unknown) {
    super();
    this.#shape = shape;
    this.#frame = frame;
    this.#input = input;
  }

  override get [arity](): number {
    return this.#shape.parameters;
  }

  override [call](run: Run, args: unknown[], input: unknown): unknown {
    const result = this.#evaluate(run, args, input);
    return result === tailCall ? Lambda.#finish(run) : result;
  }

  /** The same function with other arguments and no signature, as partial application makes it. */
  static unchecked(lambda: Lambda): Lambda {
    return new Lambda({ ...lambda.#shape, signature: undefined }, lambda.#frame, lambda.#input);
  }

  /** Call after call, in constant space. */
  static #finish(run: Run): unknown {
    const { tail } = run;
    for (;;) {
      const { callee, args, input } = tail;
      if (!(callee instanceof Lambda)) return (callee as Callable)[call](run, args, input);
      const result = callee.#evaluate(run, args, input);
      if (result !== tailCall) return result;
    }
  }

  #evaluate(run: Run, args: unknown[], input: unknown): unknown {
    const { parameters, signature, body, layout } = this.#shape;
    run.spend(body.cost + 1);
    run.allocate(96 + 8 * layout.size);
    run.enter(body.height);
    const given = signature ? signature.validate(run, args, input) : args;
    if (given.length > parameters) given.length = parameters;
    if (run.marks.any)
      for (let index = 0; index < given.length; index++) given[index] = run.marks.settled(given[index]);
    while (given.length < parameters) given.push(undefined);
    return body.run(this.#input, layout.frame(run, this.#frame, given));
  }
}
