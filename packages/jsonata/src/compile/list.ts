import type { Frame } from '../frame.ts';
import type { NodeOf, Syntax } from '../front/syntax.ts';
import { type Code, code } from './code.ts';
import { compileRangeInto } from './range.ts';
import type { Scope } from './scope.ts';

/** Puts what an item of a list constructor gives into the list. */
export type Into = (list: unknown[], input: unknown, frame: Frame) => void;

/** `[…]`: lists among the items are taken apart, unless they are written with brackets themselves. */
export function compileList(node: NodeOf<'unary'>, scope: Scope): Code {
  const items = (node.expressions ?? []).map((item) => compileItem(item, scope));
  const intos = items.map(({ into }) => into);
  const isItem = node.consarray === true;
  return code(
    (input, frame) => {
      const list: unknown[] = [];
      for (let index = 0; index < intos.length; index++) (intos[index] as Into)(list, input, frame);
      frame.run.allocateList(intos.length, node.position);
      return isItem ? frame.run.marks.asItem(list) : list;
    },
    items.map(({ code: item }) => item),
  );
}

function compileItem(item: Syntax, scope: Scope): { code: Code; into: Into } {
  if (item.type === 'binary' && item.value === '..' && !item.predicate && !item.group)
    return compileRangeInto(item, scope);
  const compiled = scope.unit.compile(item, scope);
  const { run } = compiled;
  const whole = item.type === 'unary' && item.value === '[';
  return {
    code: compiled,
    into: (list, input, frame) => {
      const value = run(input, frame);
      if (value === undefined) return;
      if (whole || !Array.isArray(value)) list.push(value);
      else pushAll(list, value, frame);
    },
  };
}

function pushAll(list: unknown[], items: readonly unknown[], { run }: Frame): void {
  run.allocateList(items.length);
  run.spend(items.length);
  for (const item of items) list.push(item);
}
