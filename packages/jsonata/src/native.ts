import { arity, Callable, call } from './callable.ts';
import type { Run } from './run.ts';
import { Signature } from './signature/signature.ts';

/** What a built-in function does. Arguments are of the types that its signature says, any of them may be missing. */
// biome-ignore lint/suspicious/noExplicitAny: the signature has checked the arguments
export type Implementation = (run: Run, ...args: any[]) => unknown;

/** A function of JSONata or of the host. */
export class Native extends Callable {
  readonly #arity: number;
  readonly #signature: Signature | undefined;
  readonly #implementation: Implementation;

  /** @param signature without one the arguments are passed as they are; @param count see {@link arity} */
  constructor(signature: string | undefined, count: number, implementation: Implementation) {
    super();
    this.#signature = signature === undefined ? undefined : new Signature(signature);
    this.#arity = count;
    this.#implementation = implementation;
  }

  override get [arity](): number {
    return this.#arity;
  }

  override [call](run: Run, args: unknown[], input: unknown): unknown {
    return this.#implementation(run, ...(this.#signature ? this.#signature.validate(run, args, input) : args));
  }

  /** Whether it gives a number, text or truth value, and never a list. */
  static givesScalar(native: Native): boolean {
    return /:[nsb]>$/.test(native.#signature?.definition ?? '');
  }

  /** For calls that are compiled with the function known. */
  static partsOf(native: Native): { signature: Signature | undefined; implementation: Implementation } {
    return { signature: native.#signature, implementation: native.#implementation };
  }
}
