import type { NodeOf, Syntax } from '../../front/syntax.ts';
import {
  canBe,
  either,
  type Kind,
  listOf,
  nothing,
  ofKind,
  perhaps,
  type Shape,
  unknown,
  without,
  withPresence,
} from '../shape.ts';
import type { Inference } from './inference.ts';
import { isCallOf, isSame } from './read-syntax.ts';
import { perhapsReached, type Scope } from './scope.ts';
import { guarded, together } from './walk.ts';

type Binary = NodeOf<'binary'>;

const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%']);
const orders: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);

export function binaryShape(inference: Inference, node: Binary, scope: Scope): Shape {
  const { value: operator, lhs, rhs } = node;
  const left = inference.of(lhs, scope);
  if (operator === 'and' || operator === 'or') {
    inference.of(rhs, perhapsReached(scope));
    return ofKind('boolean');
  }
  const right = inference.of(rhs, scope);
  const presence = together([left, right]);
  if (arithmetic.has(operator)) {
    needs(inference, { node: lhs, shape: left, code: 'T2001', token: operator }, scope);
    needs(inference, { node: rhs, shape: right, code: 'T2002', token: operator }, scope);
    return withPresence(ofKind('number'), presence);
  }
  if (orders.has(operator)) {
    checkOrder(inference, node, { left, right }, scope);
    return withPresence(ofKind('boolean'), presence);
  }
  if (operator === '=' || operator === '!=') checkEquality(inference, node, { left, right });
  if (operator === '&') return ofKind('string');
  return operator === '=' || operator === '!=' || operator === 'in' ? ofKind('boolean') : unknown;
}

/** `a..b`, which stands in a list. */
export function rangeShape(inference: Inference, { lhs, rhs, value: token }: Binary, scope: Scope): Shape {
  needs(inference, { node: lhs, shape: inference.of(lhs, scope), code: 'T2003', token }, scope);
  needs(inference, { node: rhs, shape: inference.of(rhs, scope), code: 'T2004', token }, scope);
  return perhaps(listOf(ofKind('number')));
}

/** `-a` */
export function negationShape(
  inference: Inference,
  { expression, value: token }: NodeOf<'unary'>,
  scope: Scope,
): Shape {
  if (!expression) return unknown;
  const shape = inference.of(expression, scope);
  needs(inference, { node: expression, shape, code: 'D1002', token }, scope);
  return withPresence(ofKind('number'), shape.presence);
}

interface Operand {
  readonly node: Syntax;
  readonly shape: Shape;
  readonly code: string;
  readonly token: string;
}

/** A number is needed, or no value. */
function needs(inference: Inference, { node, shape, code, token }: Operand, { certain }: Scope): void {
  if (shape.kinds.size === 0 || canBe(shape, 'number')) return;
  inference.report({ node, code, token, fails: certain && shape.presence === 'always' });
}

interface Sides {
  readonly left: Shape;
  readonly right: Shape;
}

const ordered: readonly Kind[] = ['number', 'string'];

/** Numbers are compared with numbers and text with text; anything else fails, even beside a missing value. */
function checkOrder(inference: Inference, node: Binary, { left, right }: Sides, { certain }: Scope): void {
  const { lhs, rhs, value: token } = node;
  const sides = [
    { side: lhs, shape: left },
    { side: rhs, shape: right },
  ];
  for (const { side, shape } of sides) {
    if (shape.kinds.size === 0 || ordered.some((kind) => canBe(shape, kind))) continue;
    inference.report({ node: side, code: 'T2010', token, fails: certain && shape.presence === 'always' });
    return;
  }
  const areAlike = ordered.some((kind) => canBe(left, kind) && canBe(right, kind));
  if (areAlike || left.kinds.size === 0 || right.kinds.size === 0) return;
  inference.report({ node, code: 'T2009', token, fails: certain && together([left, right]) === 'always' });
}

function checkEquality(inference: Inference, node: Binary, { left, right }: Sides): void {
  if (left.kinds.size === 0 || right.kinds.size === 0 || [...left.kinds].some((kind) => canBe(right, kind))) return;
  inference.report({ node, code: 'NEVER_EQUAL', token: node.value, fails: false });
}

/** `a ?: b`, `a ?? b` and `a ? a : b` have a value where `a` has one; whatever else a condition guards may be there. */
export function conditionShape(
  inference: Inference,
  { condition, then, else: otherwise }: NodeOf<'condition'>,
  scope: Scope,
): Shape {
  inference.of(condition, scope);
  const inner = perhapsReached(scope);
  const first = inference.of(then, inner);
  const second = otherwise ? guarded(inference.of(otherwise, inner)) : nothing;
  const asksForIt = condition.type === 'function' && isCallOf(condition, 'exists') && !scope.names.has('exists');
  const tested = asksForIt ? condition.arguments[0] : condition;
  if (!tested || !isSame(tested, then) || mayVanish(then, first)) return either(guarded(first), second);
  if (first.presence === 'never') return second;
  return either(withPresence(tested === condition ? without(first, 'null') : first, 'always'), second);
}

/** Of a function's list nothing may be left when it is made a value once more: it can hold what came to nothing. */
function mayVanish({ type }: Syntax, shape: Shape): boolean {
  return type !== 'path' && type !== 'variable' && canBe(shape, 'array');
}
