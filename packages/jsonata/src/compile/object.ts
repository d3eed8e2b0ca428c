import { JsonataError } from '../failure.ts';
import type { NodeOf, Pair, Syntax } from '../front/syntax.ts';
import { checkKey } from '../value/field.ts';
import { type Closure, type Code, code } from './code.ts';
import { compilePairs, groupCode } from './group.ts';
import type { Scope } from './scope.ts';

/** `{…}`. One whose keys are written out as different texts is filled from a template; else it is a grouping. */
export function compileObject({ lhs = [], position }: NodeOf<'unary'>, scope: Scope): Code {
  const pairs = compilePairs({ lhs, ...(position !== undefined && { position }) }, scope);
  const grouped = groupCode(pairs);
  if (!hasFixedKeys(lhs)) return grouped;
  const { run: several } = grouped;
  const single = fromTemplate(
    lhs.map(([key]) => checkedKey(key)),
    pairs.values.map(({ run }) => run),
    position,
  );
  return code((input, frame) => (Array.isArray(input) ? several(input, frame) : single(input, frame)), pairs.values, [
    grouped,
  ]);
}

function hasFixedKeys(pairs: readonly Pair[]): boolean {
  const keys = new Set(pairs.map(([key]) => (isPlainText(key) ? key.value : undefined)));
  return !keys.has(undefined) && keys.size === pairs.length;
}

function isPlainText(node: Syntax): node is NodeOf<'string'> {
  return node.type === 'string' && !node.predicate && !node.group;
}

function checkedKey(key: Syntax): string {
  const { value, position } = key as NodeOf<'string'>;
  if (value === '__proto__') throw new JsonataError('D1013', { position });
  return checkKey(value);
}

/** Copying a template gives the object its shape at once; a missing value takes its field out again. */
function fromTemplate(names: readonly string[], values: readonly Closure[], position: number | undefined): Closure {
  const template = Object.fromEntries(names.map((name) => [name, null]));
  const bytes = 24 + 8 * names.length;
  return (input, frame) => {
    frame.run.allocate(bytes, position);
    const object: Record<string, unknown> = { ...template };
    for (let index = 0; index < names.length; index++) {
      const value = (values[index] as Closure)(input, frame);
      if (value === undefined) delete object[names[index] as string];
      else object[names[index] as string] = value;
    }
    return object;
  };
}
