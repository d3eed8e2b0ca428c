import { JsonataError } from '../failure.ts';
import type { Frame } from '../frame.ts';
import type { NodeOf } from '../front/syntax.ts';
import { decimalOf, type Operand } from '../value/arithmetic.ts';
import { isDecimal } from '../value/decimal.ts';
import { chargeComparison, equal } from '../value/equality.ts';
import { type Closure, type Code, code } from './code.ts';
import type { Scope } from './scope.ts';

type Binary = NodeOf<'binary'>;

/** `=` and `!=`: a missing value is equal to nothing, and unequal to nothing. */
export function compileEquality(node: Binary, scope: Scope): Code {
  const left = scope.unit.compile(node.lhs, scope);
  const right = scope.unit.compile(node.rhs, scope);
  const wanted = node.value === '=';
  const { literal } = right;
  if (literal && !isDecimal(literal.value)) return code(equalsLiteral(left.run, literal.value, wanted), [left]);
  return code(
    (input, frame) => {
      const a = left.run(input, frame);
      const b = right.run(input, frame);
      if (a === undefined || b === undefined) return false;
      if (typeof a === 'number') return (a === b) === wanted;
      return equal(frame.run, a, b) === wanted;
    },
    [left, right],
  );
}

/** What can be written out is equal to nothing but itself. */
function equalsLiteral(left: Closure, literal: unknown, wanted: boolean): Closure {
  return (input, frame) => {
    const value = left(input, frame);
    return value !== undefined && (value === literal) === wanted;
  };
}

/** `<`, `<=`, `>`, `>=`: numbers with numbers, text with text. */
export function compileOrder(node: Binary, scope: Scope): Code {
  const left = scope.unit.compile(node.lhs, scope);
  const right = scope.unit.compile(node.rhs, scope);
  return code((orders[node.value] as Order)(left, right, node), [left, right]);
}

type Order = (left: Code, right: Code, node: Binary) => Closure;

const orders: Readonly<Record<string, Order>> = {
  '<':
    ({ run: left }, { run: right }, node) =>
    (input, frame) => {
      const a = left(input, frame);
      const b = right(input, frame);
      return comparable(frame, a, b) ? (a as number) < b : unusual(a, b, node, (sign) => sign < 0);
    },
  '<=':
    ({ run: left }, { run: right }, node) =>
    (input, frame) => {
      const a = left(input, frame);
      const b = right(input, frame);
      return comparable(frame, a, b) ? (a as number) <= b : unusual(a, b, node, (sign) => sign <= 0);
    },
  '>':
    ({ run: left }, { run: right }, node) =>
    (input, frame) => {
      const a = left(input, frame);
      const b = right(input, frame);
      return comparable(frame, a, b) ? (a as number) > b : unusual(a, b, node, (sign) => sign > 0);
    },
  '>=':
    ({ run: left }, { run: right }, node) =>
    (input, frame) => {
      const a = left(input, frame);
      const b = right(input, frame);
      return comparable(frame, a, b) ? (a as number) >= b : unusual(a, b, node, (sign) => sign >= 0);
    },
};

function comparable({ run }: Frame, left: unknown, right: unknown): right is number {
  if (typeof left === 'number') return typeof right === 'number';
  if (typeof left !== 'string' || typeof right !== 'string') return false;
  chargeComparison(run, left, right);
  return true;
}

/** @throws {JsonataError} T2010, T2009 */
function unusual(left: unknown, right: unknown, node: Binary, holds: (sign: number) => boolean): boolean | undefined {
  const { position, value: token } = node;
  const kinds = [kindOf(left), kindOf(right)];
  if (kinds.includes('other')) throw new JsonataError('T2010', { position, token });
  if (left === undefined || right === undefined) return undefined;
  if (kinds[0] !== kinds[1]) throw new JsonataError('T2009', { position, token });
  return holds(decimalOf(left as Operand).cmp(decimalOf(right as Operand)));
}

function kindOf(value: unknown): 'number' | 'string' | 'undefined' | 'other' {
  const type = isDecimal(value) ? 'number' : typeof value;
  return type === 'number' || type === 'string' || type === 'undefined' ? type : 'other';
}
