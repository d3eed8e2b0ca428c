import type { Syntax } from '@millrace/jsonata';

/** Every string that is written out in an expression. */
export function stringLiterals(syntax: Syntax): ReadonlySet<string> {
  const found = new Set<string>();
  collect(syntax, found);
  return found;
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  const { type, value: text } = value as { type?: unknown; value?: unknown };
  if (type === 'string' && typeof text === 'string') found.add(text);
  for (const inner of Object.values(value)) collect(inner, found);
}
