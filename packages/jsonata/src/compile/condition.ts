import type { Frame } from '../frame.ts';
import { someInner } from '../front/inner-nodes.ts';
import type { NodeOf, Syntax } from '../front/syntax.ts';
import { holds } from '../value/truth.ts';
import { type Code, code } from './code.ts';
import { compilePassedOn } from './passed-on.ts';
import type { Scope } from './scope.ts';

/** `? :`, and what the parser makes of `??` and `?:`: a condition that is a copy of the value itself. */
export function compileCondition(node: NodeOf<'condition'>, scope: Scope): Code {
  const otherwise = node.else ? compilePassedOn(node.else, scope) : code(() => undefined);
  const instead = otherwise.run;
  const given = defaulted(node, scope);
  if (given) {
    const value = scope.unit.compile(node.then, scope);
    return code(
      (input, frame) => {
        const found = value.run(input, frame);
        return given(found, frame) ? frame.run.marks.settled(found) : instead(input, frame);
      },
      [value, otherwise],
    );
  }
  const condition = scope.unit.compile(node.condition, scope);
  const then = compilePassedOn(node.then, scope);
  return code(
    (input, frame) => (holds(frame.run, condition.run(input, frame)) ? then.run(input, frame) : instead(input, frame)),
    [condition, then, otherwise],
  );
}

/** What must be true of the value of `??` (it exists) and `?:` (it holds); nothing for a written condition. */
function defaulted({ condition, then }: NodeOf<'condition'>, scope: Scope): Given | undefined {
  if (isImpliedExists(condition)) return scope.placesOf('exists').length === 0 ? exists : undefined;
  return firstPosition(condition) === firstPosition(then) ? truthy : undefined;
}

type Given = (value: unknown, frame: Frame) => boolean;
const exists: Given = (value) => value !== undefined;
const truthy: Given = (value, { run }) => holds(run, value);

/** `$exists` that nobody wrote has no position. */
function isImpliedExists(node: Syntax): boolean {
  return node.type === 'function' && node.procedure.type === 'variable' && node.procedure.position === undefined;
}

function firstPosition(node: Syntax): number | undefined {
  let { position } = node;
  if (position === undefined) {
    someInner(node, (inner) => {
      position = firstPosition(inner);
      return true;
    });
  }
  return position;
}
