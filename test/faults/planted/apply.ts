import { readFileSync } from 'node:fs';
import { type Change, changes } from './changes.ts';

/** @throws where there is no such change */
export function changeNamed(name: string): Change {
  const change = changes[name];
  if (!change) throw new Error(`There is no change “${name}” to plant; there are ${Object.keys(changes).join(', ')}.`);
  return change;
}

/** The source with the change in it. @throws where the text is not there, so that a change of the product cannot make a plant empty */
export function changed(source: string, { file, from, to }: Change): string {
  if (!source.includes(from)) throw new Error(`In ${file} there is no “${from}” any more.`);
  return source.replaceAll(from, () => to);
}

/**
 * A plant that does not take keeps every server from starting, which would pass for a bug that was found.
 * @param names of changes, with commas between
 * @throws where one of them cannot be planted
 */
export function requirePlantable(names: string): void {
  for (const change of names.split(',').map(changeNamed))
    changed(readFileSync(new URL(`../../../${change.file}`, import.meta.url), 'utf8'), change);
}
