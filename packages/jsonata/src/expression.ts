import { type Budget, defaultBudget, type Usage } from './budget.ts';
import type { Callable } from './callable.ts';
import { namesBoundBy } from './compile/bound-names.ts';
import type { Code } from './compile/code.ts';
import { compileNode } from './compile/compile.ts';
import { Scope } from './compile/scope.ts';
import type { Unit } from './compile/unit.ts';
import { JsonataError } from './failure.ts';
import { parse } from './front/parse.ts';
import type { Syntax } from './front/syntax.ts';
import { builtIns } from './functions/functions.ts';
import { Host, type HostOptions } from './host.ts';
import { HostCallable, type HostFunction } from './host-function.ts';
import { Journal, Pending } from './journal.ts';
import { Names } from './names.ts';
import { Run } from './run.ts';
import { acceptDecimals, type DecimalClass, ExactDecimal } from './value/decimal.ts';

export interface CompileOptions {
  /** Functions of the host's by name, without the `$`; they take precedence over JSONata's own. */
  readonly functions?: Readonly<Record<string, HostFunction>>;
  /**
   * All arithmetic is decimal, with no rounding but that of divisions; see the README. Without it arithmetic of doubles
   * is that of doubles, and only what decimals take part in is exact.
   */
  readonly exact?: boolean;
  /** The host's own class for decimals; `ExactDecimal` unless told otherwise. */
  readonly decimals?: DecimalClass;
  /** Whether `$eval` may run texts of the data. Off unless told otherwise. */
  readonly evaluates?: boolean;
  /**
   * Whether regular expressions with look-around and back-references may run, on JavaScript's own engine. They can take
   * any time, which no budget ends: for a process that can be killed. Off unless told otherwise.
   */
  readonly mayBacktrack?: boolean;
}

export interface EvaluateOptions extends HostOptions {
  /** Further names by which the expression finds data, without the `$`. JavaScript functions become functions. */
  readonly bindings?: Readonly<Record<string, unknown>>;
  readonly budget?: Partial<Budget>;
}

export interface Outcome {
  /** Plain JSON data; `undefined` where the expression has no value. */
  readonly value: unknown;
  readonly used: Usage;
}

/** A compiled expression. It holds nothing of an evaluation, so that many may use it at once. */
export class Expression {
  readonly text: string;
  /** JSONata's own syntax tree; not to be written on. */
  readonly syntax: Syntax;
  /** It has a regular expression that can take any time; see {@link CompileOptions.mayBacktrack}. */
  readonly backtracks: boolean;
  readonly #body: Code;
  readonly #scope: Scope;
  readonly #functions: ReadonlyMap<string, Callable>;

  /** @throws {JsonataError} what is wrong with the text */
  constructor(text: string, options: CompileOptions = {}) {
    const { functions = {}, exact = false, decimals = ExactDecimal, evaluates = false, mayBacktrack = false } = options;
    acceptDecimals(decimals);
    this.text = text;
    this.syntax = parse(text);
    this.#functions = withHostFunctions(functions);
    const unit: Unit = {
      text,
      functions: this.#functions,
      globals: new Map(),
      exact,
      decimals,
      evaluates,
      mayBacktrack,
      backtracks: false,
      nesting: 0,
      compile: compileNode,
    };
    this.#scope = Scope.root(unit, namesBoundBy(this.syntax));
    this.#body = compiled(this.syntax, this.#scope);
    this.backtracks = unit.backtracks;
  }

  /**
   * The value for an input, which is plain JSON data and is not written on.
   * @throws {JsonataError} with code and position
   */
  evaluate(input: unknown, options: EvaluateOptions = {}): unknown {
    return this.run(input, options).value;
  }

  /** The same, with what the evaluation has used of its budget. */
  run(input: unknown, options: EvaluateOptions = {}): Outcome {
    try {
      const run = this.#start(input, options, budgetOf(options), new Journal());
      return { value: this.#finish(run, input), used: run.used() };
    } catch (thrown) {
      throw thrown instanceof Pending ? new JsonataError('D1023') : thrown;
    }
  }

  /** For host functions that answer with promises. What is done again after each answer is paid for again. */
  async evaluateAsync(input: unknown, options: EvaluateOptions = {}): Promise<unknown> {
    const journal = new Journal();
    const now = options.now ?? Date.now();
    let budget = budgetOf(options);
    for (;;) {
      const run = this.#start(input, { ...options, now }, budget, journal);
      try {
        return this.#finish(run, input);
      } catch (thrown) {
        if (!(thrown instanceof Pending)) throw thrown;
        const { fuel, bytes } = run.used();
        budget = { ...budget, fuel: budget.fuel - fuel, bytes: budget.bytes - bytes };
        await journal.settle(thrown);
        journal.rewind();
      }
    }
  }

  #start(input: unknown, options: EvaluateOptions, budget: Budget, journal: Journal): Run {
    const { globals, exact, decimals } = this.#scope.unit;
    const names = new Names(this.#functions, options.bindings, input);
    return new Run({ budget, host: new Host(options, journal), journal, exact, decimals, names, globals });
  }

  #finish(run: Run, input: unknown): unknown {
    const wrapped = Array.isArray(input) ? [input] : input;
    run.wrapper = wrapped === input ? run : wrapped;
    try {
      run.spend(this.#body.cost);
      run.enter(this.#body.height);
      return this.#body.run(wrapped, this.#scope.layout.frame(run, undefined));
    } catch (thrown) {
      throw endOfEngine(thrown) ?? thrown;
    }
  }
}

/**
 * Limits of JavaScript's own, as V8 tells them: the host has left so little stack that the depth could not be used up,
 * or its budget is so large that a text became longer than texts can be.
 */
function endOfEngine(thrown: unknown): JsonataError | undefined {
  if (!(thrown instanceof RangeError)) return undefined;
  if (thrown.message.includes('call stack')) return new JsonataError('D1011');
  return thrown.message === 'Invalid string length' ? new JsonataError('D1022') : undefined;
}

function compiled(syntax: Syntax, scope: Scope): Code {
  try {
    return scope.unit.compile(syntax, scope);
  } catch (thrown) {
    throw endOfEngine(thrown) ? new JsonataError('S0501') : thrown;
  }
}

function withHostFunctions(functions: Readonly<Record<string, HostFunction>>): ReadonlyMap<string, Callable> {
  const added = Object.entries(functions).map(([name, definition]) => [name, new HostCallable(definition)] as const);
  return added.length === 0 ? builtIns : new Map([...builtIns, ...added]);
}

function budgetOf({ budget }: EvaluateOptions): Budget {
  return budget ? { ...defaultBudget, ...budget } : defaultBudget;
}
