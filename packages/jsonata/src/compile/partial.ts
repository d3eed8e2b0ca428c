import { Callable } from '../callable.ts';
import { JsonataError } from '../failure.ts';
import type { NodeOf, Syntax } from '../front/syntax.ts';
import { Lambda } from '../lambda.ts';
import { hole, Partial } from '../partial.ts';
import { forgottenDollar, place } from './call.ts';
import { type Code, code } from './code.ts';
import type { Scope } from './scope.ts';

/** `$f(?, 1)` */
export function compilePartial(node: NodeOf<'partial'>, scope: Scope): Code {
  const procedure = scope.unit.compile(node.procedure, scope);
  const args = node.arguments.map((arg) => (isHole(arg) ? code(() => hole) : scope.unit.compile(arg, scope)));
  const forgotten = forgottenDollar(node.procedure, scope);
  const where = place(node);
  return code(
    (input, frame) => {
      const given = args.map(({ run }) => run(input, frame));
      const callee = procedure.run(input, frame);
      if (callee === undefined && forgotten?.(input, frame) !== undefined) throw new JsonataError('T1007', where);
      if (!(callee instanceof Callable)) throw new JsonataError('T1008', where);
      frame.run.allocate(96 + 8 * given.length);
      return new Partial(callee instanceof Lambda ? Lambda.unchecked(callee) : callee, given);
    },
    [procedure, ...args],
  );
}

function isHole(node: Syntax): boolean {
  return node.type === 'operator' && node.value === '?';
}
