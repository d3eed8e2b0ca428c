import type { Json } from '@millrace/contract';
import type { Change } from '../difference/change.ts';
import type { FlowBundle } from '../document.ts';
import { isEqual } from '../parts/is-equal.ts';
import { partsOf } from '../parts/parts.ts';
import { valueAt } from '../parts/value-at.ts';
import { pathOf } from '../pointer.ts';

/* For tests only: whether what somebody has changed is still there. */

/** Whether the whole holds all that the part says, whatever else it holds. */
function holds(whole: Json | undefined, part: Json | undefined, path: readonly string[]): boolean {
  if (isEqual(whole, part)) return true;
  const inner = part === undefined ? undefined : partsOf(part, path);
  const outer = whole === undefined ? undefined : partsOf(whole, path);
  if (!inner || !outer) return false;
  return [...inner.byName].every(([name, each]) => holds(outer.byName.get(name), each, [...path, name]));
}

/** Whether a place is another, or inside it. */
export const isAtOrIn = (outer: string, inner: string) => inner === outer || inner.startsWith(`${outer}/`);

/** Whether a change that one side made has come into the bundle. */
export function hasChange(bundle: FlowBundle, change: Change): boolean {
  const path = pathOf(change.pointer);
  const now = valueAt(bundle as unknown as Json, path);
  if (change.action !== 'reordered') return holds(now, change.after, path);
  const names = [...(partsOf(now ?? [], path)?.byName.keys() ?? [])];
  const expected = (change.after as string[]).filter((name) => names.includes(name));
  return isEqual(
    names.filter((name) => expected.includes(name)),
    expected,
  );
}
