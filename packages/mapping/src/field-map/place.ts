import { pointerOf } from './target.ts';

/** Where in the target a text stands. */
export interface Place {
  /** Names from the whole target on; `*` for an item of a list. */
  readonly path: readonly string[];
  /** Names from the innermost list's item on. */
  readonly names: readonly string[];
}

export const wholeTarget: Place = { path: [], names: [] };

export function inside({ path, names }: Place, name: string): Place {
  return { path: [...path, name], names: [...names, name] };
}

export function itemOf({ path }: Place): Place {
  return { path: [...path, '*'], names: [] };
}

/** JSON Pointer with `*` for the index in each list, as `$required` takes it. */
export function pointerAt({ path }: Place): string {
  return pointerOf(path);
}
