import type { NodeOf } from '../front/syntax.ts';
import { isDecimal, sameNumber } from '../value/decimal.ts';
import { type Code, code } from './code.ts';
import type { Scope } from './scope.ts';

/** `in`: objects and lists are found only as themselves, as in JSONata. */
export function compileMembership(node: NodeOf<'binary'>, scope: Scope): Code {
  const left = scope.unit.compile(node.lhs, scope);
  const right = scope.unit.compile(node.rhs, scope);
  return code(
    (input, frame) => {
      const value = left.run(input, frame);
      const list = right.run(input, frame);
      if (value === undefined || list === undefined) return false;
      if (!Array.isArray(list)) return same(value, list);
      frame.run.spend(list.length * costOf(value), node.position);
      return isDecimal(value) ? list.some((item) => same(value, item)) : list.indexOf(value) >= 0;
    },
    [left, right],
  );
}

/** Comparing with a long text takes a while. */
function costOf(value: unknown): number {
  return typeof value === 'string' ? 1 + (value.length >> 5) : 1;
}

function same(left: unknown, right: unknown): boolean {
  return left === right || sameNumber(left, right);
}
