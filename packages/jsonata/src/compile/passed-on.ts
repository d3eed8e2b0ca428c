import type { Syntax } from '../front/syntax.ts';
import { Native } from '../native.ts';
import { type Code, withClosure } from './code.ts';
import type { Scope } from './scope.ts';

/**
 * An expression whose value is passed on as the value of another (a block, a condition, an assignment). Each of them
 * makes a sequence a value once more, which shows where a function has given a sequence within a sequence.
 */
export function compilePassedOn(node: Syntax, scope: Scope, tuples?: 'tuples'): Code {
  const compiled = scope.unit.compile(node, scope, tuples);
  if (!mayGiveSequence(node, scope)) return compiled;
  return withClosure(compiled, (input, frame) => frame.run.marks.settled(compiled.run(input, frame)));
}

function mayGiveSequence(node: Syntax, scope: Scope): boolean {
  if (node.type === 'apply') return true;
  if (node.type !== 'function') return false;
  if (node.procedure.type !== 'variable' || scope.placesOf(node.procedure.value).length > 0) return true;
  const native = scope.unit.functions.get(node.procedure.value);
  return !(native instanceof Native && Native.givesScalar(native));
}
