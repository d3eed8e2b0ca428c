import { type Frame, type Layout, unset } from '../frame.ts';
import type { NodeOf, Syntax } from '../front/syntax.ts';
import { namesBoundBy, outlives } from './bound-names.ts';
import { type Closure, type Code, code } from './code.ts';
import { compilePassedOn } from './passed-on.ts';
import type { Scope } from './scope.ts';

export function compileBlock({ expressions, tuple }: NodeOf<'block'>, scope: Scope): Code {
  const names = namesBoundBy(...expressions);
  const own = names.size > 0 && expressions.some(outlives);
  const inner = names.size > 0 ? scope.within(names, own) : scope;
  const codes = expressions.map((expression) => {
    return compileStatement(expression, inner, tuple ? 'tuples' : undefined);
  });
  const run = inSequence(codes);
  if (inner === scope) return code(run, codes);
  return code(own ? inOwnFrame(run, inner.layout) : inSharedFrame(run, inner.slotsReadEarly()), codes);
}

interface Statement extends Code {
  /** An assignment of the block's own: where the value goes. */
  readonly slot: number | undefined;
}

function compileStatement(expression: Syntax, scope: Scope, tuples: 'tuples' | undefined): Statement {
  if (expression.type !== 'bind' || expression.predicate || expression.group) {
    return { ...compilePassedOn(expression, scope, tuples), slot: undefined };
  }
  const { value: name } = expression.lhs;
  const value = compilePassedOn(expression.rhs, scope);
  scope.settle(name);
  return { ...value, slot: scope.slotOf(name) };
}

function inSequence(statements: readonly Statement[]): Closure {
  const last = statements.at(-1);
  if (!last) return () => undefined;
  if (statements.length === 1 && last.slot === undefined) return last.run;
  return (input, frame) => {
    let value: unknown;
    for (let index = 0; index < statements.length; index++) {
      const { run, slot } = statements[index] as Statement;
      value = run(input, frame);
      if (slot !== undefined) frame.slots[slot] = value;
    }
    return value;
  };
}

function inOwnFrame(run: Closure, layout: Layout): Closure {
  return (input, frame) => {
    frame.run.allocate(64 + 8 * layout.size);
    return run(input, layout.frame(frame.run, frame));
  };
}

/** What may be read before it is bound must not be left from the last time. */
function inSharedFrame(run: Closure, early: readonly number[]): Closure {
  if (early.length === 0) return run;
  return (input, frame: Frame) => {
    for (const slot of early) frame.slots[slot] = unset;
    return run(input, frame);
  };
}
