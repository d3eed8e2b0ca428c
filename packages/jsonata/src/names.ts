import type { Callable } from './callable.ts';
import { fromHost } from './host-function.ts';

/** What the names stand for that an expression does not bind itself. */
export class Names {
  private readonly functions: ReadonlyMap<string, Callable>;
  private readonly bindings: Readonly<Record<string, unknown>> | undefined;
  private readonly input: unknown;

  /** @param bindings take precedence over functions; `$$` is the input in any case */
  constructor(
    functions: ReadonlyMap<string, Callable>,
    bindings: Readonly<Record<string, unknown>> | undefined,
    input: unknown,
  ) {
    this.functions = functions;
    this.bindings = bindings;
    this.input = input;
  }

  valueOf(name: string): unknown {
    if (name === '$') return this.input;
    if (this.bindings && Object.hasOwn(this.bindings, name)) return fromHost(this.bindings[name]);
    return this.functions.get(name);
  }
}
