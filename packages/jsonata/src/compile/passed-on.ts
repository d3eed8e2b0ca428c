import type { Syntax } from '../front/syntax.ts';
import { type Code, withClosure } from './code.ts';
import type { Scope } from './scope.ts';

/**
 * An expression whose value is passed on as the value of another (a block, a condition, an assignment). Each of them
 * makes a sequence a value once more, which shows where a function has given a sequence within a sequence.
 */
export function compilePassedOn(node: Syntax, scope: Scope, tuples?: 'tuples'): Code {
  const compiled = scope.unit.compile(node, scope, tuples);
  if (node.type !== 'function' && node.type !== 'apply') return compiled;
  return withClosure(compiled, (input, frame) => frame.run.marks.settled(compiled.run(input, frame)));
}
