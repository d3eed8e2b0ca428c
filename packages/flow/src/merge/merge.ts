import type { Json } from '@millrace/contract';
import type { FlowBundle } from '../document.ts';
import { canonicalBundle } from '../parts/canonical-bundle.ts';
import type { Path } from '../parts/parts.ts';
import { pathOf } from '../pointer.ts';
import type { Conflict } from './conflict.ts';
import { entailed } from './entailed.ts';
import { Merger } from './merge-values.ts';
import { Places } from './places.ts';
import { eachVersion, type Versions } from './versions.ts';

/** Two people's changes in one bundle. */
export interface Merge {
  /** In canonical form; where there is a conflict, it has what is mine. */
  readonly bundle: FlowBundle;
  readonly conflicts: readonly Conflict[];
}

/**
 * Merges what two sides have made of the same flow: by node, by field of its config, by line of a field map, by edge,
 * parameter, slot and record type; lists whose items have no names of their own are one value. What one side has changed
 * is taken, what both have changed equally is taken once, and what they have changed differently is a conflict. So is
 * what one side has taken out and the other changed, or uses anew.
 *
 * A merge without conflicts has whole references. What is wrong with the combination itself, such as a cycle or an
 * expression that reads a node which is gone, validation says. Boxes that both have moved stay where they are in mine.
 * @param contested JSON Pointers of places that one side uses beyond its bundle: they are conflicts wherever the sides differ
 */
export function merge(
  base: FlowBundle,
  mine: FlowBundle,
  theirs: FlowBundle,
  contested: readonly string[] = [],
): Merge {
  const versions = { base, mine, theirs };
  return settled(
    eachVersion(versions, (bundle) => canonicalBundle(bundle) as unknown as Json),
    contested.map(pathOf),
  );
}

/** Merges again until no further place turns out to be contested; there are only so many. */
function settled(versions: Versions<Json>, contested: readonly Path[]): Merge {
  const places = new Places(contested);
  const { merged, conflicts } = mergeOnce(versions, places);
  // What is contested must not depend on which side is mine, and resolving for theirs must leave nothing out.
  const forTheirs = mergeOnce(swapped(versions), places).merged;
  const more = entailed(versions, [merged, forTheirs], conflicts).filter((path) => !places.has(path));
  if (more.length > 0) return settled(versions, [...contested, ...more]);
  return {
    bundle: canonicalBundle(merged as unknown as FlowBundle),
    conflicts: conflicts.filter(({ pointer }) => !pointer.startsWith('/layout/')),
  };
}

function mergeOnce(versions: Versions<Json>, contested: Places) {
  const merger = new Merger(contested);
  const merged = merger.merge(versions, []) ?? {};
  return { merged, conflicts: merger.conflicts };
}

function swapped({ base, mine, theirs }: Versions<Json>): Versions<Json> {
  return { base, mine: theirs, theirs: mine };
}
