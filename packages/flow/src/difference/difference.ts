import type { Json } from '@millrace/contract';
import type { FlowBundle } from '../document.ts';
import { canonicalBundle } from '../parts/canonical-bundle.ts';
import { isEqual } from '../parts/is-equal.ts';
import { isContainer, type Parts, type Path, partsOf } from '../parts/parts.ts';
import { pointer } from '../pointer.ts';
import type { Change } from './change.ts';
import { editOf } from './edit.ts';
import { subjectAt } from './kind-at.ts';

/**
 * What makes one flow another: its nodes, edges, parameters, slots, record types, tests and samples, field by field, in
 * the order in which a flow is written. Where the boxes stand does not count, nor the order of edges and record types.
 * Lists whose items have no names of their own are one value.
 */
export function difference(before: FlowBundle, after: FlowBundle): readonly Change[] {
  const [from, to] = [before, after].map((bundle) => ({ ...canonicalBundle(bundle), layout: null }) as unknown as Json);
  return changes(from, to, []);
}

function changes(before: Json | undefined, after: Json | undefined, path: Path): readonly Change[] {
  if (isEqual(before, after)) return [];
  const parts = partsOfBoth(before, after, path);
  const inside = parts ? changesInside(parts, path) : [];
  return inside.length > 0 ? inside : [change(before, after, path)];
}

function partsOfBoth(
  before: Json | undefined,
  after: Json | undefined,
  path: Path,
): readonly [Parts, Parts] | undefined {
  if ((before === undefined || after === undefined) && !isContainer(path)) return undefined;
  const nothing = Array.isArray(before ?? after) ? [] : {};
  const [from, to] = [before ?? nothing, after ?? nothing].map((value) => partsOf(value, path));
  return from && to && from.kind === to.kind ? [from, to] : undefined;
}

function changesInside([before, after]: readonly [Parts, Parts], path: Path): readonly Change[] {
  const names = new Set([...before.byName.keys(), ...after.byName.keys()]);
  const inside = [...names].flatMap((name) =>
    changes(before.byName.get(name), after.byName.get(name), [...path, name]),
  );
  return before.kind === 'list' ? [...inside, ...reordering(before, after, path)] : inside;
}

function reordering(before: Parts, after: Parts, path: Path): readonly Change[] {
  const names = [...before.byName.keys()].filter((name) => after.byName.has(name));
  const later = [...after.byName.keys()].filter((name) => before.byName.has(name));
  if (isEqual(names, later)) return [];
  return [{ ...subjectAt(path), action: 'reordered', pointer: pointer(...path), before: names, after: later }];
}

function change(before: Json | undefined, after: Json | undefined, path: Path): Change {
  return {
    ...subjectAt(path),
    action: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    pointer: pointer(...path),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(typeof before === 'string' && typeof after === 'string' && { edit: editOf(before, after) }),
  };
}
