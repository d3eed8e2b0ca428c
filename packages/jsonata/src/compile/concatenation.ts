import { placed } from '../failure.ts';
import type { Frame } from '../frame.ts';
import type { NodeOf, Syntax } from '../front/syntax.ts';
import { textOf } from '../value/text.ts';
import { type Closure, type Code, code } from './code.ts';
import type { Scope } from './scope.ts';

/** `&`: a chain of them is one node here, so that its parts are joined at once. */
export function compileConcatenation(node: NodeOf<'binary'>, scope: Scope): Code {
  const parts = operands(node).map((part) => scope.unit.compile(part, scope));
  const runs = parts.map(({ run }) => run);
  const [first, second] = runs;
  const { position } = node;
  const start = parts[0]?.literal?.value;
  if (runs.length === 2) {
    if (typeof start === 'string') return code(behind(start, second as Closure, position), parts);
    return code(joined(first as Closure, second as Closure, position), parts);
  }
  return code((input, frame) => {
    let text = '';
    for (let index = 0; index < runs.length; index++)
      text += part((runs[index] as Closure)(input, frame), frame, position);
    frame.run.allocateText(text.length, position);
    return text;
  }, parts);
}

/** A text written out comes first. */
function behind(start: string, right: Closure, position: number | undefined): Closure {
  return (input, frame) => {
    const text = start + part(right(input, frame), frame, position);
    frame.run.allocateText(text.length, position);
    return text;
  };
}

function joined(left: Closure, right: Closure, position: number | undefined): Closure {
  return (input, frame) => {
    const a = left(input, frame);
    const text = part(a, frame, position) + part(right(input, frame), frame, position);
    frame.run.allocateText(text.length, position);
    return text;
  };
}

function part(value: unknown, frame: Frame, position: number | undefined): string {
  if (typeof value === 'string') return value;
  try {
    return textOf(frame.run, value);
  } catch (thrown) {
    throw placed(thrown, position, '&');
  }
}

function operands(node: Syntax): Syntax[] {
  const left: Syntax[] = [];
  let rest = node;
  while (isConcatenation(rest)) {
    left.unshift(rest.rhs);
    rest = rest.lhs;
  }
  return [rest, ...left];
}

function isConcatenation(node: Syntax): node is NodeOf<'binary'> {
  return node.type === 'binary' && node.value === '&' && !node.predicate && !node.group;
}
