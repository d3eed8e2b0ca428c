import { someOf } from '../elements.ts';
import {
  canBe,
  isAlways,
  listOf,
  nothing,
  type Presence,
  perhaps,
  type Shape,
  without,
  withPresence,
} from '../shape.ts';

/** A path's step from a value on: for each element where the value is a list, whose results are then one list, or one. */
export function walked(at: Shape, met: (at: Shape) => Shape, step: (element: Shape) => Shape): Shape {
  if (at.presence === 'never') return nothing;
  const result = step(met(at));
  if (canBe(at, 'array')) return result.presence === 'never' ? perhaps(listOf(nothing)) : someOf(result);
  return result.presence === 'never' ? nothing : withPresence(result, inTurn(at.presence, result.presence));
}

/** A field of what may be something else than an object. */
export function memberOf(element: Shape, field: Shape): Shape {
  if (isAlways(element, 'object')) return field;
  return isAlways(without(element, 'null'), 'object') && field.presence === 'always'
    ? withPresence(field, 'optional')
    : perhaps(field);
}

function inTurn(first: Presence, second: Presence): Presence {
  if (first === 'always') return second;
  return first === 'unknown' || second === 'unknown' ? 'unknown' : 'optional';
}

/** Whether there is a result that needs all of these values. */
export function together(shapes: readonly Shape[]): Presence {
  const all = shapes.map(({ presence }) => presence);
  return (['never', 'unknown', 'optional'] as const).find((presence) => all.includes(presence)) ?? 'always';
}

/** What a function gives that has a value whenever all its arguments have one; without any it takes the context. */
export function givenAll(result: Shape, args: readonly Shape[]): Shape {
  const presence = args.length === 0 ? 'unknown' : together(args);
  return withPresence(result, presence === 'never' ? 'unknown' : presence);
}

/** What is optional by itself may be known to be there where a condition asks for it. */
export function guarded(shape: Shape): Shape {
  return shape.presence === 'optional' ? perhaps(shape) : shape;
}

/** Whether what is evaluated for each element is evaluated at all. */
export function isMetAtLeastOnce(at: Shape): boolean {
  return at.presence === 'always' && (!canBe(at, 'array') || at.filled);
}
