import { Callable, call } from '../callable.ts';
import { JsonataError, placed } from '../failure.ts';
import type { NodeOf } from '../front/syntax.ts';
import { Composition } from '../partial.ts';
import { compileAppliedCall } from './call.ts';
import { type Code, code } from './code.ts';
import type { Finish } from './finish.ts';
import type { Scope } from './scope.ts';

/** `a ~> $f`: the value as the first argument; of two functions one that calls both. */
export function compileApply({ lhs, rhs, position }: NodeOf<'apply'>, scope: Scope, finish: Finish): Code {
  const left = scope.unit.compile(lhs, scope);
  if (rhs.type === 'function') return compileAppliedCall(rhs, left, scope, finish);
  const right = scope.unit.compile(rhs, scope);
  const { nesting } = scope.unit;
  return code(
    (input, frame) => {
      const { run } = frame;
      const value = left.run(input, frame);
      const callee = right.run(input, frame);
      if (!(callee instanceof Callable)) throw new JsonataError('T2006', { position });
      if (value instanceof Callable) return new Composition(value, callee);
      run.depth += nesting;
      try {
        const result = callee[call](run, [value], undefined);
        run.depth -= nesting;
        return finish(result, frame);
      } catch (thrown) {
        throw placed(thrown, position, undefined);
      }
    },
    [left, right],
  );
}
