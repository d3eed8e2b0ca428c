import type { NodeOf } from '../front/syntax.ts';
import { type Code, code } from './code.ts';
import { compilePassedOn } from './passed-on.ts';
import type { Scope } from './scope.ts';

export function compileBind({ lhs, rhs }: NodeOf<'bind'>, scope: Scope): Code {
  const value = compilePassedOn(rhs, scope);
  const slot = scope.slotOf(lhs.value);
  const { run } = value;
  return code(
    (input, frame) => {
      const bound = run(input, frame);
      frame.slots[slot] = bound;
      return bound;
    },
    [value],
  );
}
