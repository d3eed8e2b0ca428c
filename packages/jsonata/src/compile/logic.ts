import type { NodeOf } from '../front/syntax.ts';
import { holds } from '../value/truth.ts';
import { type Code, code } from './code.ts';
import type { Scope } from './scope.ts';

/** `and`, `or`: the right side is evaluated only where it decides. */
export function compileLogic(node: NodeOf<'binary'>, scope: Scope): Code {
  const left = scope.unit.compile(node.lhs, scope);
  const right = scope.unit.compile(node.rhs, scope);
  return code(
    node.value === 'and'
      ? (input, frame) => holds(frame.run, left.run(input, frame)) && holds(frame.run, right.run(input, frame))
      : (input, frame) => holds(frame.run, left.run(input, frame)) || holds(frame.run, right.run(input, frame)),
    [left, right],
  );
}
