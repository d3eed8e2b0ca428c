import type { Syntax } from '../syntax.ts';

/** A node of a syntax tree of a certain type. */
export type Of<Type extends Syntax['type']> = Syntax & { readonly type: Type };

/** Names that are bound elsewhere than in a row of a block, such as in an argument or behind a condition. */
export function looseNames(node: unknown, found = new Set<string>(), inBlock = false): ReadonlySet<string> {
  if (typeof node !== 'object' || node === null) return found;
  const { type, lhs, expressions } = node as { type?: string; lhs?: { value: string }; expressions?: unknown };
  if (type === 'bind' && lhs && !inBlock) found.add(lhs.value);
  for (const inner of Object.values(node)) {
    const isRow = type === 'block' && inner === expressions && Array.isArray(inner);
    for (const each of isRow ? inner : [inner]) looseNames(each, found, isRow);
  }
  return found;
}

/** `[a, b]` */
export function isList(node: Syntax): boolean {
  return node.type === 'unary' && node.value === '[';
}

export function isCallOf({ procedure }: Of<'function'>, name: string): boolean {
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
