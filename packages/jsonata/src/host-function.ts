import { arity, Callable, call } from './callable.ts';
import { builtIns } from './functions/functions.ts';
import type { Run } from './run.ts';
import { Signature } from './signature/signature.ts';

/** What a host's function is told of the call, besides its arguments. */
export interface HostCall {
  /** What `$` is at the call. */
  readonly input: unknown;
  /** What the host gave along for this evaluation (`EvaluateOptions.context`). */
  readonly context: unknown;
  /** Charges work to the expression that asked for it. @throws {JsonataError} D1021, D1012 */
  spend(fuel: number): void;
  /** Charges memory, before it is taken. @throws {JsonataError} D1022 */
  allocate(bytes: number): void;
  /** What JSONata's own function of that name gives, whatever stands in its place. @throws {TypeError} for no such name */
  builtIn(name: string, ...args: unknown[]): unknown;
  /** A copy of the list that a path takes as one item, as it takes a list written with brackets. */
  whole(list: readonly unknown[]): unknown[];
}

/** A function of the expression, as a host's function gets it. */
export interface FunctionValue {
  (...args: unknown[]): unknown;
  readonly arity: number;
}

/**
 * A function that the host lends to expressions.
 * @example { signature: '<n-:n>', call: (_host, price: number) => price * 1.21 }
 */
export interface HostFunction {
  /** JSONata's notation (https://docs.jsonata.org/embedding-extending); without one any arguments are taken. */
  readonly signature?: string;
  /**
   * Gives plain JSON data, or a promise of it (only in `evaluateAsync`). Arguments that are functions arrive as
   * {@link FunctionValue}. It must not write on its arguments.
   */
  // biome-ignore lint/suspicious/noExplicitAny: arguments are of the types that the signature says
  call(host: HostCall, ...args: any[]): unknown;
}

export class HostCallable extends Callable {
  readonly #signature: Signature | undefined;
  readonly #function: HostFunction;

  /** @throws {JsonataError} S0401, S0402 */
  constructor(definition: HostFunction) {
    super();
    this.#signature = definition.signature === undefined ? undefined : new Signature(definition.signature);
    this.#function = definition;
  }

  override get [arity](): number {
    return Math.max(0, this.#function.call.length - 1);
  }

  override [call](run: Run, args: unknown[], input: unknown): unknown {
    const given = this.#signature ? this.#signature.validate(run, args, input) : args;
    run.spend(10);
    return run.journal.answer(() =>
      fromHost(this.#function.call(hostCall(run, input), ...given.map((arg) => toHost(run, arg)))),
    );
  }
}

function hostCall(run: Run, input: unknown): HostCall {
  return {
    input: input === run.wrapper ? (input as unknown[])[0] : input,
    context: run.host.context,
    spend: (fuel) => run.spend(fuel),
    allocate: (bytes) => run.allocate(bytes),
    builtIn: (name, ...args) => {
      const native = builtIns.get(name);
      if (!native) throw new TypeError(`JSONata has no function ${name}.`);
      return toHost(run, run.marks.settled(native[call](run, args.map(fromHost), input)));
    },
    whole(list) {
      run.allocateList(list.length);
      return run.marks.asItem([...list]);
    },
  };
}

/** The expression's functions, alive for the host, and back again. */
const originals = new WeakMap<object, Callable>();

function toHost(run: Run, value: unknown): unknown {
  if (!(value instanceof Callable)) return value;
  const invoke = (...args: unknown[]) =>
    toHost(run, run.marks.settled(value[call](run, args.map(fromHost), undefined)));
  originals.set(invoke, value);
  return Object.assign(invoke, { arity: value[arity] });
}

/** A value of the host's as one of the language; JavaScript functions become functions. */
export function fromHost(value: unknown): unknown {
  if (typeof value !== 'function') return value;
  return originals.get(value) ?? new HostCallable({ call: (_host, ...args) => value(...args) as unknown });
}
