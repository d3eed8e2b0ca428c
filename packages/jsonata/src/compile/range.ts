import { JsonataError } from '../failure.ts';
import type { Frame } from '../frame.ts';
import type { NodeOf } from '../front/syntax.ts';
import { type Code, code } from './code.ts';
import type { Scope } from './scope.ts';

type Binary = NodeOf<'binary'>;
const maxLength = 10_000_000;

/** `a..b` within a list constructor, the only place that the grammar has for it. */
export function compileRangeInto(
  node: Binary,
  scope: Scope,
): { code: Code; into: (list: unknown[], input: unknown, frame: Frame) => void } {
  const from = scope.unit.compile(node.lhs, scope);
  const to = scope.unit.compile(node.rhs, scope);
  return {
    code: code(() => undefined, [from, to]),
    into: (list, input, frame) => {
      const first = from.run(input, frame);
      const last = to.run(input, frame);
      checkEnd(first, 'T2003', node);
      checkEnd(last, 'T2004', node);
      if (first !== undefined && last !== undefined) fill(list, first, last, node, frame);
    },
  };
}

function fill(list: unknown[], first: number, last: number, { position, value: token }: Binary, { run }: Frame): void {
  if (first > last) return;
  const length = last - first + 1;
  if (length > maxLength) throw new JsonataError('D2014', { position, token });
  run.spend(length, position);
  run.allocateList(length, position);
  for (let number = first; number <= last; number++) list.push(number);
}

/** @throws {JsonataError} T2003, T2004 */
function checkEnd(
  value: unknown,
  code: string,
  { position, value: token }: Binary,
): asserts value is number | undefined {
  if (value !== undefined && !Number.isInteger(value)) throw new JsonataError(code, { position, token });
}
