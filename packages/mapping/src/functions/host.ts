import { MillraceError } from '@millrace/contract';
import type jsonata from 'jsonata';

/**
 * A function that expressions can call. It keeps nothing between calls: compiled expressions are shared.
 * Arguments are checked against JSONata's signature first (https://docs.jsonata.org/embedding-extending).
 */
export interface HostFunction {
  readonly signature: string;
  // biome-ignore lint/suspicious/noExplicitAny: arguments are of the types that the signature says
  readonly call: (this: jsonata.Focus, ...args: any[]) => unknown;
}
export type HostFunctions = Readonly<Record<string, HostFunction>>;

/** An argument that a function cannot work with; says what is needed, never what was given. */
export function unfitArgument(name: string, needed: string): MillraceError {
  return new MillraceError('EXPRESSION_FAILED', `$${name} needs ${needed}.`, { details: { function: name } });
}
