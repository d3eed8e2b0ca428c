import type { Json } from '@millrace/contract';
import { isEqual } from '../parts/is-equal.ts';
import { isContainer, type Parts, type Path, partsOf, wholeOf } from '../parts/parts.ts';
import { pointer } from '../pointer.ts';
import type { Conflict } from './conflict.ts';
import type { Places } from './places.ts';
import { isReadAsOne } from './read-as-one.ts';
import { eachVersion, type Versions } from './versions.ts';
import { weave } from './weave.ts';

/** Merges a bundle part by part, and gathers what both sides have changed differently. */
export class Merger {
  readonly conflicts: Conflict[] = [];
  readonly #contested: Places;

  /** @param contested places where mine is kept, and a conflict told, wherever the sides differ */
  constructor(contested: Places) {
    this.#contested = contested;
  }

  /** @param among names between which the part stands, where it is an item of a list */
  merge(versions: Versions<Json | undefined>, path: Path, among?: readonly string[]): Json | undefined {
    const { base, mine, theirs } = versions;
    if (isEqual(mine, theirs)) return mine;
    if (this.#contested.has(path)) return this.#conflict(versions, path, among);
    const parts = partsOfAll(versions, path);
    const isMixed = parts && this.#contested.isAnyIn(path);
    if (!isMixed && isEqual(base, mine)) return theirs;
    if (!isMixed && isEqual(base, theirs)) return mine;
    if (!parts) return this.#conflict(versions, path, among);
    const merged = this.#mergeParts(parts, path);
    return merged.byName.size === 0 && (mine === undefined || theirs === undefined) ? undefined : wholeOf(merged);
  }

  #mergeParts(versions: Versions<Parts>, path: Path): Parts {
    const { kind } = versions.mine;
    const names = eachVersion(versions, ({ byName }) => [...byName.keys()]);
    const { order, isContested } = weave(names);
    if (kind === 'list' && isContested) this.conflicts.push({ kind: 'order', pointer: pointer(...path), ...names });
    const byName = new Map<string, Json>();
    for (const name of order) {
      const part = this.merge(
        eachVersion(versions, (each) => each.byName.get(name)),
        [...path, name],
        kind === 'list' ? order : undefined,
      );
      if (part !== undefined) byName.set(name, part);
    }
    return { kind, byName };
  }

  #conflict({ base, mine, theirs }: Versions<Json | undefined>, path: Path, among?: readonly string[]) {
    this.conflicts.push({
      kind: 'value',
      pointer: pointer(...path),
      ...(base !== undefined && { base }),
      ...(mine !== undefined && { mine }),
      ...(theirs !== undefined && { theirs }),
      ...(among && { among }),
    });
    return mine;
  }
}

/** The parts of all three, where they can be put together part by part. */
function partsOfAll(versions: Versions<Json | undefined>, path: Path): Versions<Parts> | undefined {
  const { mine, theirs } = versions;
  if ((mine === undefined || theirs === undefined) && !isContainer(path)) return undefined;
  if (isReadAsOne(versions, path)) return undefined;
  const found = eachVersion(versions, (version) => (version === undefined ? undefined : partsOf(version, path)));
  const kinds = new Set(
    Object.values(found)
      .map((parts) => parts?.kind)
      .filter((kind) => kind !== undefined),
  );
  const [kind] = kinds;
  const isOther = (['base', 'mine', 'theirs'] as const).some((side) => versions[side] !== undefined && !found[side]);
  if (isOther || kind === undefined || kinds.size > 1) return undefined;
  return eachVersion(found, (parts) => parts ?? { kind, byName: new Map<string, Json>() });
}
