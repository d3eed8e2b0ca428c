import type { Syntax } from '@millrace/jsonata';
import { compile } from './compile.ts';
import { lookupFunctions } from './functions/lookup.ts';
import { LeastRecentlyUsed } from './least-recently-used.ts';

const cache = new LeastRecentlyUsed<readonly string[]>(1_000_000);

/**
 * The code tables that an expression names, sorted: the first arguments of `$lookup…` that are written out as text.
 * Nothing for a text that is no expression.
 */
export function tablesNamed(text: string): readonly string[] {
  return text.includes('$lookup') ? cache.get(text, text.length + 200, () => read(text)) : [];
}

function read(text: string): readonly string[] {
  try {
    const names = new Set<string>();
    collect(compile(text).syntax, names);
    return [...names].sort();
  } catch {
    return [];
  }
}

function collect(value: unknown, names: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  const node = value as Syntax;
  if (node.type === 'function' || node.type === 'partial') add(node, node.arguments[0], names);
  // `"units" ~> $lookup(code)`
  if (node.type === 'apply' && node.rhs.type === 'function') add(node.rhs, node.lhs, names);
  for (const inner of Object.values(value)) collect(inner, names);
}

function add(
  { procedure }: Syntax & { type: 'function' | 'partial' },
  table: Syntax | undefined,
  names: Set<string>,
): void {
  const isLookup = procedure.type === 'variable' && Object.hasOwn(lookupFunctions, procedure.value);
  if (isLookup && table?.type === 'string') names.add(table.value);
}
