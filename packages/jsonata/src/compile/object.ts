import { JsonataError } from '../failure.ts';
import type { NodeOf, Pair, Syntax } from '../front/syntax.ts';
import { checkKey } from '../value/field.ts';
import type { Fields } from '../value/type.ts';
import { type Closure, type Code, code } from './code.ts';
import { compilePairs, groupCode } from './group.ts';
import type { Scope } from './scope.ts';

/** `{…}`. One whose keys are written out as different texts is made field by field; any other is a grouping. */
export function compileObject({ lhs = [], position }: NodeOf<'unary'>, scope: Scope): Code {
  const pairs = compilePairs({ lhs, ...(position !== undefined && { position }) }, scope);
  const grouped = groupCode(pairs);
  if (!hasFixedKeys(lhs)) return grouped;
  const { run: several } = grouped;
  const single = withFields(
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

/** Filling in a copy that has its shape already is, of all ways, the fastest in a process that has made many shapes. */
function withFields(names: readonly string[], values: readonly Closure[], position: number | undefined): Closure {
  const template = templateOf(names);
  const bytes = 24 + 8 * names.length;
  return (input, frame) => {
    frame.run.allocate(bytes, position);
    const object = Object.assign({}, template);
    let missing = 0;
    for (let index = 0; index < names.length; index++) {
      const value = (values[index] as Closure)(input, frame);
      object[names[index] as string] = value;
      if (value === undefined) missing++;
    }
    return missing === 0 ? object : withoutMissing(object, names);
  };
}

/** Each field has held values of all kinds, so that none changes the shape any more. */
function templateOf(names: readonly string[]): Fields {
  const template: Fields = {};
  for (const value of [0, 0.5, '', undefined]) for (const name of names) template[name] = value;
  return template;
}

function withoutMissing(object: Fields, names: readonly string[]): Fields {
  const rest: Fields = {};
  for (const name of names) if (object[name] !== undefined) rest[name] = object[name];
  return rest;
}
