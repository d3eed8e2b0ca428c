import type { Grouping, NodeOf, Pair, Syntax } from '../../front/syntax.ts';
import { anyOf, elementsOf, gathered, spreadOf } from '../elements.ts';
import {
  canBe,
  either,
  listOf,
  madeAt,
  nothing,
  objectOf,
  ofKind,
  perhaps,
  type Shape,
  withPresence,
} from '../shape.ts';
import type { Inference } from './inference.ts';
import { rangeShape } from './operators.ts';
import { isList } from './read-syntax.ts';
import { perhapsReached, type Scope, within } from './scope.ts';

/** `{ key: value }` behind a value. */
export function groupShape(inference: Inference, { lhs }: Grouping, shape: Shape, scope: Scope): Shape {
  const input = either(spreadOf(shape), gathered(shape));
  const inner = perhapsReached({ ...scope, input });
  for (const [key, value] of lhs) {
    keyShape(inference, key, inner);
    inference.of(value, inner);
  }
  return perhaps(ofKind('object'));
}

/** `{…}`. Over a list it is still one object, each of its values made of all items that have the key. */
export function objectShape(inference: Inference, { lhs = [] }: NodeOf<'unary'>, scope: Scope): Shape {
  const isSingle = !canBe(scope.input, 'array');
  const inner = within(scope, isSingle ? scope.input : anyOf(scope.input), isSingle);
  const fields = new Map<string, Shape>();
  let isOpen = false;
  for (const [key, value] of lhs) {
    const isMade = keyShape(inference, key, inner).presence === 'always';
    const shape = madeAt(inference.of(value, isMade ? inner : perhapsReached(inner)), inference.origin);
    if (key.type === 'string') fields.set(key.value, shape);
    else isOpen = true;
  }
  return madeAt(objectOf(fields, isOpen), inference.origin);
}

/** A key that has no value makes no field. */
function keyShape(inference: Inference, key: Pair[0], scope: Scope): Shape {
  const shape = inference.of(key, scope);
  const fits = canBe(shape, 'string') || shape.kinds.size === 0;
  if (!fits) inference.report({ node: key, code: 'T1003', fails: scope.certain && shape.presence === 'always' });
  return shape;
}

/** `[…]` */
export function listShape(inference: Inference, { expressions = [] }: NodeOf<'unary'>, scope: Scope): Shape {
  const parts = expressions.map((each) => ({ each, shape: partShape(inference, each, scope) }));
  const items = parts.map(({ each, shape }) => (isList(each) ? shape : elementsOf(shape)));
  const isFilled = parts.some(
    ({ each, shape }) => shape.presence === 'always' && (isList(each) || !canBe(shape, 'array') || shape.filled),
  );
  const present = items.filter(({ presence }) => presence !== 'never').map((item) => withPresence(item, 'always'));
  return madeAt(listOf(present.length === 0 ? nothing : present.reduce(either), isFilled), inference.origin);
}

function partShape(inference: Inference, part: Syntax, scope: Scope): Shape {
  if (part.type !== 'binary' || part.value !== '..' || part.predicate || part.group) return inference.of(part, scope);
  const shape = rangeShape(inference, part, scope);
  inference.note(part, shape);
  return shape;
}
