import type { Callable } from '../callable.ts';
import type { Syntax } from '../front/syntax.ts';
import type { DecimalClass } from '../value/decimal.ts';
import type { Code } from './code.ts';
import type { Scope } from './scope.ts';

/** What all parts of one compiled expression share. */
export interface Unit {
  /** The expression's text. */
  readonly text: string;
  /** Functions that every expression has, by name. */
  readonly functions: ReadonlyMap<string, Callable>;
  /** Numbers of the names that the expression does not bind itself; see {@link globalNumber}. */
  readonly globals: Map<string, number>;
  /** All arithmetic is exact, and numbers of the text keep all their digits. */
  readonly exact: boolean;
  /** What decimals are made of. */
  readonly decimals: DecimalClass;
  /** Whether `$eval` may compile texts. */
  readonly evaluates: boolean;
  /** Whether regular expressions may run that can take any time. */
  readonly mayBacktrack: boolean;
  /** Whether one of them may. */
  backtracks: boolean;
  /** Closures around the one that is being compiled, within its function. */
  nesting: number;
  /** @param tuples what deals in tuples gives them; to all others it gives the items alone */
  compile(node: Syntax, scope: Scope, tuples?: 'tuples'): Code;
}

/** Where a run keeps what the name stands for. */
export function globalNumber({ globals }: Unit, name: string): number {
  const known = globals.get(name);
  if (known !== undefined) return known;
  globals.set(name, globals.size);
  return globals.size - 1;
}
