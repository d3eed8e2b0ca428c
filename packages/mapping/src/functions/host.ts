import { MillraceError } from '@millrace/contract';
import type { HostCall, HostFunction as LentFunction } from '@millrace/jsonata';
import type { CodeTables } from './lookup.ts';

/** What a function may know of the evaluation that calls it. */
export interface Activation {
  /** Time of the step's activation, in milliseconds since 1970. */
  readonly ms: number;
  readonly tables: CodeTables;
}

/** The evaluation that calls a function. */
export type Focus = Activation & Pick<HostCall, 'builtIn' | 'whole'>;

/**
 * A function that expressions can call. It keeps nothing between calls: compiled expressions are shared.
 * Arguments are checked against JSONata's signature first (https://docs.jsonata.org/embedding-extending).
 */
export interface HostFunction {
  readonly signature: string;
  // biome-ignore lint/suspicious/noExplicitAny: arguments are of the types that the signature says
  readonly call: (this: Focus, ...args: any[]) => unknown;
}
export type HostFunctions = Readonly<Record<string, HostFunction>>;

/** As JSONata's evaluation calls it. */
export function lent({ signature, call }: HostFunction): LentFunction {
  return {
    signature,
    call: ({ context, builtIn, whole }, ...args) => call.apply({ ...(context as Activation), builtIn, whole }, args),
  };
}

/** An argument that a function cannot work with; says what is needed, never what was given. */
export function unfitArgument(name: string, needed: string): MillraceError {
  return new MillraceError('EXPRESSION_FAILED', `$${name} needs ${needed}.`, { details: { function: name } });
}
