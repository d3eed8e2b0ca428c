import { JsonataError } from '../failure.ts';
import type { NodeOf, Syntax } from '../front/syntax.ts';
import { minus } from '../value/arithmetic.ts';
import { isDecimal } from '../value/decimal.ts';
import { isNumeric } from '../value/type.ts';
import { type Code, code } from './code.ts';
import type { Scope } from './scope.ts';

export function compileNegation(node: NodeOf<'unary'>, scope: Scope): Code {
  const { position, value: token } = node;
  const operand = scope.unit.compile(node.expression as Syntax, scope);
  return code(
    (input, frame) => {
      const value = operand.run(input, frame);
      if (value === undefined) return undefined;
      if (isDecimal(value)) return minus(frame.run, 0, value);
      if (!isNumeric(value)) throw new JsonataError('D1002', { position, token });
      return -value;
    },
    [operand],
  );
}
