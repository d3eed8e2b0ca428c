import { isObject, type Json } from '@millrace/contract';
import { itemName } from './item-name.ts';

/** Names from the bundle down to one of its parts: of an object's members, and of a list's items by {@link itemName}. */
export type Path = readonly string[];

/** What a value consists of: the members of an object, or the items of a list that each have a name of their own. */
export interface Parts {
  readonly kind: 'object' | 'list';
  readonly byName: ReadonlyMap<string, Json>;
}

/** The parts of a value at a place in a bundle; nothing for what is one value, such as a text or a list without names. */
export function partsOf(value: Json, path: Path): Parts | undefined {
  if (Array.isArray(value)) return namedItems(value, path);
  if (!isObject(value) || isBox(path)) return undefined;
  return { kind: 'object', byName: new Map(Object.entries(value)) };
}

/** The value that consists of the parts, in their order. */
export function wholeOf({ kind, byName }: Parts): Json {
  return kind === 'list' ? [...byName.values()] : Object.fromEntries(byName);
}

/** Parts of a flow that need not be there: without it they are the same as without an entry. */
const containers = new Set(['tables', 'mappings', 'flow/connections', 'flow/parameters', 'flow/parameters/properties']);

/** Whether what is absent there is as good as empty. */
export function isContainer(path: Path): boolean {
  return containers.has(path.join('/'));
}

function namedItems(list: readonly Json[], path: Path): Parts | undefined {
  const byName = new Map<string, Json>();
  for (const item of list) {
    const name = itemName(item, path);
    if (name === undefined || byName.has(name)) return undefined;
    byName.set(name, item);
  }
  return { kind: 'list', byName };
}

/** A box stands where it stands: to take one of its two numbers from elsewhere would put it where nobody has. */
function isBox([part, list, ...box]: Path): boolean {
  return part === 'layout' && list === 'nodes' && box.length === 1;
}
