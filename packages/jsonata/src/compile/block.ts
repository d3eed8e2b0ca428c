import { type Frame, type Layout, unset } from '../frame.ts';
import type { NodeOf } from '../front/syntax.ts';
import { namesBoundBy, outlives } from './bound-names.ts';
import { type Closure, type Code, code } from './code.ts';
import { compilePassedOn } from './passed-on.ts';
import type { Scope } from './scope.ts';

export function compileBlock({ expressions, tuple }: NodeOf<'block'>, scope: Scope): Code {
  const names = namesBoundBy(...expressions);
  const own = names.size > 0 && expressions.some(outlives);
  const inner = names.size > 0 ? scope.within(names, own) : scope;
  const codes = expressions.map((expression) => {
    const compiled = compilePassedOn(expression, inner, tuple ? 'tuples' : undefined);
    if (expression.type === 'bind') inner.settle(expression.lhs.value);
    return compiled;
  });
  const run = inSequence(codes);
  if (inner === scope) return code(run, codes);
  return code(own ? inOwnFrame(run, inner.layout) : inSharedFrame(run, inner.slotsReadEarly()), codes);
}

function inSequence(codes: readonly Code[]): Closure {
  const last = codes.at(-1)?.run ?? (() => undefined);
  if (codes.length === 1) return last;
  const before = codes.slice(0, -1).map(({ run }) => run);
  return (input, frame) => {
    for (let index = 0; index < before.length; index++) (before[index] as Closure)(input, frame);
    return last(input, frame);
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
