import type { Json } from '@millrace/contract';
import { type Path, partsOf, wholeOf } from './parts.ts';

/** The part of a bundle at a path, if it is there. */
export function valueAt(bundle: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>(
    (whole, name, depth) => (whole === undefined ? undefined : partsOf(whole, path.slice(0, depth))?.byName.get(name)),
    bundle,
  );
}

/**
 * The bundle with another value at a path: nothing takes the part out, objects around it come into being where they are
 * missing, and a new item of a list comes to its end. Where the path leads into what has no parts, all stays as it is.
 */
export function withValueAt(bundle: Json, path: Path, value: Json | undefined): Json {
  return replaced(bundle, [], path, value) ?? {};
}

function replaced(whole: Json | undefined, at: Path, [name, ...rest]: Path, value: Json | undefined): Json | undefined {
  if (name === undefined) return value;
  const parts = partsOf(whole ?? {}, at);
  if (!parts) return whole;
  const byName = new Map(parts.byName);
  const inner = replaced(byName.get(name), [...at, name], rest, value);
  if (inner === undefined) byName.delete(name);
  else byName.set(name, inner);
  return wholeOf({ ...parts, byName });
}
