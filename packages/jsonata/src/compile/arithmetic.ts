import { JsonataError, placed } from '../failure.ts';
import type { NodeOf } from '../front/syntax.ts';
import { type Arithmetic, arithmetic, type Operand } from '../value/arithmetic.ts';
import { isDecimal } from '../value/decimal.ts';
import { isNumeric } from '../value/type.ts';
import { type Closure, type Code, code } from './code.ts';
import type { Scope } from './scope.ts';

type Binary = NodeOf<'binary'>;

export function compileArithmetic(node: Binary, scope: Scope): Code {
  const left = scope.unit.compile(node.lhs, scope);
  const right = scope.unit.compile(node.rhs, scope);
  const operation = arithmetic[node.value] as Arithmetic;
  const run = scope.unit.exact ? exactly(left, right, node, operation) : ofDoubles(left, right, node);
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
      return Number.isFinite(a) ? (a as number) + b : unusual(a, b, node);
    },
  '-':
    ({ run: left }, b, node) =>
    (input, frame) => {
      const a = left(input, frame);
      return Number.isFinite(a) ? (a as number) - b : unusual(a, b, node);
    },
  '*':
    ({ run: left }, b, node) =>
    (input, frame) => {
      const a = left(input, frame);
      return Number.isFinite(a) ? (a as number) * b : unusual(a, b, node);
    },
  '/':
    ({ run: left }, b, node) =>
    (input, frame) => {
      const a = left(input, frame);
      return Number.isFinite(a) ? (a as number) / b : unusual(a, b, node);
    },
  '%':
    ({ run: left }, b, node) =>
    (input, frame) => {
      const a = left(input, frame);
      return Number.isFinite(a) ? (a as number) % b : unusual(a, b, node);
    },
};

/** A closure for each operator, so that each computes with numbers directly. */
const doubles: Readonly<Record<string, (left: Code, right: Code, node: Binary) => Closure>> = {
  '+':
    ({ run: left }, { run: right }, node) =>
    (input, frame) => {
      const a = left(input, frame);
      const b = right(input, frame);
      return Number.isFinite(a) && Number.isFinite(b) ? (a as number) + (b as number) : unusual(a, b, node);
    },
  '-':
    ({ run: left }, { run: right }, node) =>
    (input, frame) => {
      const a = left(input, frame);
      const b = right(input, frame);
      return Number.isFinite(a) && Number.isFinite(b) ? (a as number) - (b as number) : unusual(a, b, node);
    },
  '*':
    ({ run: left }, { run: right }, node) =>
    (input, frame) => {
      const a = left(input, frame);
      const b = right(input, frame);
      return Number.isFinite(a) && Number.isFinite(b) ? (a as number) * (b as number) : unusual(a, b, node);
    },
  '/':
    ({ run: left }, { run: right }, node) =>
    (input, frame) => {
      const a = left(input, frame);
      const b = right(input, frame);
      return Number.isFinite(a) && Number.isFinite(b) ? (a as number) / (b as number) : unusual(a, b, node);
    },
  '%':
    ({ run: left }, { run: right }, node) =>
    (input, frame) => {
      const a = left(input, frame);
      const b = right(input, frame);
      return Number.isFinite(a) && Number.isFinite(b) ? (a as number) % (b as number) : unusual(a, b, node);
    },
};

function exactly({ run: left }: Code, { run: right }: Code, node: Binary, { exact }: Arithmetic): Closure {
  return (input, frame) => {
    const a = left(input, frame);
    const b = right(input, frame);
    if (!isOperand(a) || !isOperand(b)) return unusual(a, b, node);
    frame.run.allocate(64, node.position);
    return exact(a, b, { position: node.position, token: node.value });
  };
}

function isOperand(value: unknown): value is number {
  return Number.isFinite(value) || isDecimal(value);
}

/** No value where an operand is missing; exact where one is a decimal. @throws {JsonataError} T2001, T2002, D1001 */
function unusual(left: unknown, right: unknown, { position, value: token }: Binary): unknown {
  if (left !== undefined && !isNumber(left, position, token)) throw new JsonataError('T2001', { position, token });
  if (right !== undefined && !isNumber(right, position, token)) throw new JsonataError('T2002', { position, token });
  if (left === undefined || right === undefined) return undefined;
  return arithmetic[token]?.exact(left as Operand, right as Operand, { position, token });
}

function isNumber(value: unknown, position: number | undefined, token: string): boolean {
  try {
    return isNumeric(value) || isDecimal(value);
  } catch (thrown) {
    throw placed(thrown, position, token);
  }
}
