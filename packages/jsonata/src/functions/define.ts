import { type Implementation, Native } from '../native.ts';

/** Functions by name, without the `$`. */
export type Functions = Readonly<Record<string, Native>>;

/**
 * @param signature what JSONata 2.2.2 declares for the function
 * @param arity how many arguments it takes from functions such as `$map`
 */
export function define(signature: string, arity: number, implementation: Implementation): Native {
  return new Native(signature, arity, implementation);
}
