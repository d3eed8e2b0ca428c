import { JsonataError, placed } from '../failure.ts';
import type { Frame } from '../frame.ts';
import type { NodeOf } from '../front/syntax.ts';
import { exactly, type Operand } from '../value/arithmetic.ts';
import { isDecimal } from '../value/decimal.ts';
import { isNumeric } from '../value/type.ts';
import { type Closure, type Code, code } from './code.ts';
import type { Scope } from './scope.ts';

type Binary = NodeOf<'binary'>;

export function compileArithmetic(node: Binary, scope: Scope): Code {
  const left = scope.unit.compile(node.lhs, scope);
  const right = scope.unit.compile(node.rhs, scope);
  const run = scope.unit.exact ? withDecimals(left, right, node) : ofDoubles(left, right, node);
  return code(run as Closure, [left, right]);
}

function ofDoubles(left: Code, right: Code, node: Binary): Closure | undefined {
  const number = right.literal?.value;
  if (typeof number === 'number' && Number.isFinite(number)) return byLiteral[node.value]?.(left, number, node);
  return doubles[node.value]?.(left, right, node);
}

/** The same with a number written out on the right. */
const byLiteral: Readonly<Record<string, (left: Code, number: number, node: Binary) => Closure>> = {
  '+':
    ({ run: left }, b, node) =>
    (input, frame) => {
      const a = left(input, frame);
      return Number.isFinite(a) ? (a as number) + b : unusual(a, b, node, frame);
    },
  '-':
    ({ run: left }, b, node) =>
    (input, frame) => {
      const a = left(input, frame);
      return Number.isFinite(a) ? (a as number) - b : unusual(a, b, node, frame);
    },
  '*':
    ({ run: left }, b, node) =>
    (input, frame) => {
      const a = left(input, frame);
      return Number.isFinite(a) ? (a as number) * b : unusual(a, b, node, frame);
    },
  '/':
    ({ run: left }, b, node) =>
    (input, frame) => {
      const a = left(input, frame);
      return Number.isFinite(a) ? (a as number) / b : unusual(a, b, node, frame);
    },
  '%':
    ({ run: left }, b, node) =>
    (input, frame) => {
      const a = left(input, frame);
      return Number.isFinite(a) ? (a as number) % b : unusual(a, b, node, frame);
    },
};

/** A closure for each operator, so that each computes with numbers directly. */
const doubles: Readonly<Record<string, (left: Code, right: Code, node: Binary) => Closure>> = {
  '+':
    ({ run: left }, { run: right }, node) =>
    (input, frame) => {
      const a = left(input, frame);
      const b = right(input, frame);
      return Number.isFinite(a) && Number.isFinite(b) ? (a as number) + (b as number) : unusual(a, b, node, frame);
    },
  '-':
    ({ run: left }, { run: right }, node) =>
    (input, frame) => {
      const a = left(input, frame);
      const b = right(input, frame);
      return Number.isFinite(a) && Number.isFinite(b) ? (a as number) - (b as number) : unusual(a, b, node, frame);
    },
  '*':
    ({ run: left }, { run: right }, node) =>
    (input, frame) => {
      const a = left(input, frame);
      const b = right(input, frame);
      return Number.isFinite(a) && Number.isFinite(b) ? (a as number) * (b as number) : unusual(a, b, node, frame);
    },
  '/':
    ({ run: left }, { run: right }, node) =>
    (input, frame) => {
      const a = left(input, frame);
      const b = right(input, frame);
      return Number.isFinite(a) && Number.isFinite(b) ? (a as number) / (b as number) : unusual(a, b, node, frame);
    },
  '%':
    ({ run: left }, { run: right }, node) =>
    (input, frame) => {
      const a = left(input, frame);
      const b = right(input, frame);
      return Number.isFinite(a) && Number.isFinite(b) ? (a as number) % (b as number) : unusual(a, b, node, frame);
    },
};

function withDecimals({ run: left }: Code, { run: right }: Code, node: Binary): Closure {
  return (input, frame) => unusual(left(input, frame), right(input, frame), node, frame);
}

/**
 * All but two doubles: exact with decimals, no value where an operand is missing.
 * @throws {JsonataError} T2001, T2002, D1001
 */
function unusual(left: unknown, right: unknown, { position, value: token }: Binary, { run }: Frame): unknown {
  try {
    if (left !== undefined && !isOperand(left)) throw new JsonataError('T2001');
    if (right !== undefined && !isOperand(right)) throw new JsonataError('T2002');
    return left === undefined || right === undefined ? undefined : exactly[token]?.(run, left, right);
  } catch (thrown) {
    throw placed(thrown, position, token);
  }
}

function isOperand(value: unknown): value is Operand {
  return isNumeric(value) || isDecimal(value);
}
