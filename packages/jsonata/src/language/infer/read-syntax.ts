import { someInner } from '../../front/inner-nodes.ts';
import type { NodeOf, Syntax } from '../../front/syntax.ts';

/** Names that are bound elsewhere than in a row of a block, such as in an argument or behind a condition. */
export function looseNames(syntax: Syntax): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: Syntax, inRow: boolean): void => {
    if (node.type === 'bind' && !inRow) found.add(node.lhs.value);
    someInner(node, (inner) => {
      visit(inner, node.type === 'block' && node.expressions.includes(inner));
      return false;
    });
  };
  visit(syntax, false);
  return found;
}

/** `[a, b]` */
export function isList(node: Syntax): boolean {
  return node.type === 'unary' && node.value === '[';
}

export function isCallOf({ procedure }: NodeOf<'function'>, name: string): boolean {
  return procedure.type === 'variable' && procedure.value === name;
}

/** Whether two parts of a syntax tree are the same but for where they stand. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const inA = new Map(Object.entries(a));
  const inB = new Map(Object.entries(b));
  const keys = [...new Set([...inA.keys(), ...inB.keys()])];
  return keys.every((key) => key === 'position' || isSame(inA.get(key), inB.get(key)));
}

/** A path for people, as far as its steps are names. */
export function textOf(steps: readonly Syntax[]): string {
  const words = steps.map((step) => {
    if (step.type === 'name') return step.value;
    return step.type === 'variable' ? `$${step.value}` : '…';
  });
  return words.join('.');
}
