import type { Syntax } from '../syntax.ts';
import type { Of } from './read-syntax.ts';
import { type Shape, unknown } from './shape.ts';

/** What an expression sees. */
export interface Scope {
  /** `$` */
  readonly input: Shape;
  /** `$$` */
  readonly root: Shape;
  /** Without the `$`. */
  readonly names: ReadonlyMap<string, Shape>;
}

/** What is known of `$name`; the empty name is the input. */
export function variable(name: string, { input, root, names }: Scope): Shape {
  if (name === '') return input;
  return name === '$' ? root : (names.get(name) ?? unknown);
}

/** The same with further names. */
export function withNames(scope: Scope, bound: readonly (readonly [string, Shape])[]): Scope {
  return bound.length === 0 ? scope : { ...scope, names: new Map([...scope.names, ...bound]) };
}

/** Names that a function is called with, of whatever nobody knows. */
export function parametersOf({ arguments: parameters }: Of<'lambda'>): readonly (readonly [string, Shape])[] {
  return parameters.map(({ value }) => [value, unknown]);
}

/** Names that a step of a path gives to what it meets: `@$name`, `#$name`. */
export function namesBoundBy({ focus, index, stages = [] }: Syntax): readonly (readonly [string, Shape])[] {
  const indexes = stages.flatMap((stage) => (stage.type === 'index' ? [stage.value] : []));
  return [focus, index, ...indexes].flatMap((name) => (name === undefined ? [] : [[name, unknown] as const]));
}
