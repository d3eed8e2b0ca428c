import { Callable } from '../callable.ts';
import { JsonataError } from '../failure.ts';
import type { Run } from '../run.ts';
import { isDecimal } from '../value/decimal.ts';
import { truth } from '../value/truth.ts';
import { isNumeric } from '../value/type.ts';
import { define, type Functions } from './define.ts';

export const general: Functions = {
  boolean: define('<x-:b>', 1, (run, value: unknown) => truth(run, value)),
  not: define('<x-:b>', 1, (run, value: unknown) => (value === undefined ? undefined : !truth(run, value))),
  exists: define('<x:b>', 1, (_run, value: unknown) => value !== undefined),
  type: define('<x:s>', 1, (_run, value: unknown) => typeName(value)),
  error: define('<s?:x>', 1, (_run, message?: string) => fail('D3137', message ?? '$error() function evaluated')),
  assert: define('<bs?:x>', 2, (_run, holds?: boolean, message?: string) =>
    holds ? undefined : fail('D3141', message ?? '$assert() statement failed'),
  ),
};

/** The two functions that the host lends its clock and dice to. */
export const hosted: Functions = {
  millis: define('<:n>', 0, ({ host }: Run) => host.now),
  random: define('<:n>', 0, ({ host }: Run) => host.random()),
  eval: define('<sx?:x>', 2, () => {
    throw new JsonataError('D3122');
  }),
};

function typeName(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return 'null';
  if (value instanceof Callable) return 'function';
  if (isDecimal(value) || isNumeric(value)) return 'number';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' ? 'object' : typeof value;
}

function fail(code: string, message: string): never {
  throw new JsonataError(code, {}, message);
}
