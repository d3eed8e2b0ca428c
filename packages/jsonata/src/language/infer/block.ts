import { outlives } from '../../compile/bound-names.ts';
import type { NodeOf } from '../../front/syntax.ts';
import { nothing, type Shape, unknown } from '../shape.ts';
import type { Inference } from './inference.ts';
import { nameless, type Scope, withNames } from './scope.ts';

/**
 * `(…; …)`. What functions of the block read may be bound before or after they are made, so that of names that they may
 * read early, and of those that are bound twice, nothing is known.
 */
export function blockShape(inference: Inference, { expressions }: NodeOf<'block'>, scope: Scope): Shape {
  const bound = expressions.flatMap((each) => (each.type === 'bind' ? [each.lhs.value] : []));
  const isReadLater = expressions.some(outlives);
  const twice = new Set(bound.filter((name, index) => isReadLater && bound.indexOf(name) !== index));
  let inner = isReadLater ? withNames(scope, nameless(bound)) : scope;
  let last = nothing;
  for (const each of expressions) {
    last = inference.of(each, inner);
    if (each.type === 'bind') {
      const isLast = !twice.has(each.lhs.value) && !each.predicate && !each.group;
      inner = inference.bind(inner, [[each.lhs.value, isLast ? last : unknown]]);
    }
  }
  return last;
}
