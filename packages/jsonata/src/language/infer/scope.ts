import type { NodeOf, Syntax } from '../../front/syntax.ts';
import { ofKind, type Shape, unknown } from '../shape.ts';

/** What a part of an expression sees. */
export interface Scope {
  /** `$` */
  readonly input: Shape;
  /** `$$` */
  readonly root: Shape;
  /** Without the `$`; what a `%` stands for has the parser's label as its name. */
  readonly names: ReadonlyMap<string, Shape>;
  /** No evaluation succeeds without coming here. */
  readonly certain: boolean;
}

export type Named = readonly (readonly [string, Shape])[];

/** The same with further names. */
export function withNames(scope: Scope, bound: Named): Scope {
  return bound.length === 0 ? scope : { ...scope, names: new Map([...scope.names, ...bound]) };
}

/** The same with another input. @param certain whether this part is evaluated whenever what is around it is */
export function within(scope: Scope, input: Shape, certain: boolean): Scope {
  return { ...scope, input, certain: scope.certain && certain };
}

/** A part that need not be evaluated. */
export function perhapsReached(scope: Scope): Scope {
  return scope.certain ? { ...scope, certain: false } : scope;
}

export function parametersOf({ arguments: parameters }: NodeOf<'lambda'>): readonly string[] {
  return parameters.map(({ value }) => value);
}

/** Names that a step of a path gives to what it meets: `@$name`, `#$name`, and the label of a `%` further on. */
export function namesBoundBy(
  { focus, index, ancestor, stages = [] }: Syntax,
  { met, given }: { readonly met: Shape; readonly given: Shape },
): Named {
  const places = [index, ...stages.flatMap((stage) => (stage.type === 'index' ? [stage.value] : []))];
  return [
    ...places.flatMap((name) => (name === undefined ? [] : [[name, ofKind('number')] as const])),
    ...(focus === undefined ? [] : [[focus, given] as const]),
    ...(ancestor === undefined ? [] : [[ancestor.label, met] as const]),
  ];
}

/** Of a name that nobody knows when it is bound, or to what, nothing is known. */
export function nameless(names: Iterable<string>): Named {
  return [...names].map((name) => [name, unknown]);
}
