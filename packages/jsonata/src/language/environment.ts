import { builtInFunctions } from './built-ins.ts';
import type { FunctionKnowledge } from './functions.ts';
import type { Scope } from './infer/scope.ts';
import { type Shape, unknownData } from './shape.ts';

/** What an expression sees, as far as it is known. */
export interface Environment {
  /** `$`; of which nothing is known unless it is given. */
  readonly input?: Shape | undefined;
  /** `$$`, where it is not the input. */
  readonly root?: Shape | undefined;
  /**
   * Names that the host binds, without the `$`. Where they are given, every name is told that is neither one of them nor
   * bound by the expression.
   */
  readonly bindings?: Readonly<Record<string, Binding>> | undefined;
  /** Functions that the host lends, in place of JSONata's own or besides them. */
  readonly functions?: ReadonlyMap<string, FunctionKnowledge> | undefined;
  /** Whether expressions are compiled so that regular expressions may take any time. */
  readonly mayBacktrack?: boolean | undefined;
  /** What values are said to be made at that the expression makes; see {@link Shape.origin}. */
  readonly origin?: string | undefined;
}

export interface Binding {
  readonly shape: Shape;
  /** One sentence for people. */
  readonly summary?: string;
}

export function scopeOf({ input = unknownData, root = input, bindings = {} }: Environment): Scope {
  const names = Object.entries(bindings).map(([name, { shape }]) => [name, shape] as const);
  return { input, root, names: new Map(names), certain: true };
}

/** JSONata's own functions with those of the host's. */
export function functionsOf({ functions }: Environment): ReadonlyMap<string, FunctionKnowledge> {
  return functions ? (merged.get(functions) ?? merge(functions)) : builtInFunctions;
}

const merged = new WeakMap<object, ReadonlyMap<string, FunctionKnowledge>>();

function merge(functions: ReadonlyMap<string, FunctionKnowledge>): ReadonlyMap<string, FunctionKnowledge> {
  const all = new Map([...builtInFunctions, ...functions]);
  merged.set(functions, all);
  return all;
}
