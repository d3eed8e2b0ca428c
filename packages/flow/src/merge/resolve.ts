import { type Json, MillraceError } from '@millrace/contract';
import type { FlowBundle } from '../document.ts';
import { canonicalBundle } from '../parts/canonical-bundle.ts';
import { isEqual } from '../parts/is-equal.ts';
import { type Path, partsOf, wholeOf } from '../parts/parts.ts';
import { valueAt, withValueAt } from '../parts/value-at.ts';
import { pathOf } from '../pointer.ts';
import type { Conflict } from './conflict.ts';
import type { Merge } from './merge.ts';
import { arrange } from './weave.ts';

/** What is to stand at the place of a conflict; a value that is undefined stands for nothing. */
export type Choice = 'mine' | 'theirs' | { readonly value: Json | undefined };

/**
 * The merge with one conflict decided. For the order of a list the value is a list of names; items that it does not name
 * stay behind their neighbours.
 * @throws {MillraceError} `CONFLICT_UNKNOWN` where the merge has no such conflict, `ORDER_INVALID` where the value for an
 * order is no list of texts, `ITEM_RENAMED` where the value for an item of a list would have another name in it
 */
export function resolve({ bundle, conflicts }: Merge, conflict: Conflict, choice: Choice): Merge {
  const found = conflicts.find(({ kind, pointer }) => kind === conflict.kind && pointer === conflict.pointer);
  if (!found) throw unknownConflict(conflict);
  const value = typeof choice === 'string' ? found[choice] : choice.value;
  const decided = (found.kind === 'order' ? ordered : placed)(bundle as unknown as Json, found, value);
  return {
    bundle: canonicalBundle(decided as unknown as FlowBundle),
    conflicts: conflicts.filter((each) => each !== found),
  };
}

function ordered(bundle: Json, { pointer }: Conflict, order: Json | undefined): Json {
  return rearranged(bundle, pathOf(pointer), (names) => arrange(common(textsIn(order, pointer), names), names));
}

function placed(bundle: Json, { pointer, among }: Conflict, value: Json | undefined): Json {
  const path = pathOf(pointer);
  const changed = withValueAt(bundle, path, value);
  if (!isEqual(valueAt(changed, path), value)) throw renamed(pointer);
  const own = path.at(-1);
  return among
    ? rearranged(changed, path.slice(0, -1), (names) =>
        arrange(
          names.filter((name) => name !== own),
          common(among, names),
        ),
      )
    : changed;
}

/** The bundle with the items of a list in another order of their names. */
function rearranged(bundle: Json, path: Path, order: (names: readonly string[]) => readonly string[]): Json {
  const parts = partsOf(valueAt(bundle, path) ?? [], path);
  if (!parts) return bundle;
  const names = order([...parts.byName.keys()]);
  const byName = new Map(names.map((name) => [name, parts.byName.get(name) as Json]));
  return withValueAt(bundle, path, wholeOf({ ...parts, byName }));
}

function common(order: readonly string[], names: readonly string[]): readonly string[] {
  return [...new Set(order)].filter((name) => names.includes(name));
}

function textsIn(value: Json | undefined, pointer: string): readonly string[] {
  const names: readonly Json[] = Array.isArray(value) ? value : [value ?? null];
  if (names.every((name) => typeof name === 'string')) return names;
  const message = 'The order of a list is a list of its items’ names.';
  throw new MillraceError('ORDER_INVALID', message, { category: 'validation', pointer });
}

function renamed(pointer: string): MillraceError {
  const message = 'What decides a conflict about an item of a list must be called as the item is.';
  return new MillraceError('ITEM_RENAMED', message, { category: 'validation', pointer });
}

function unknownConflict({ pointer }: Conflict): MillraceError {
  const message = 'The merge has no such conflict, or it is resolved already.';
  return new MillraceError('CONFLICT_UNKNOWN', message, { category: 'not-found', pointer });
}
