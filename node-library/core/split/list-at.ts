import { isObject, type Json, type JsonObject, MillraceError } from '@millrace/contract';
import { namesOf } from '@millrace/mapping';

/** A list in data, and the names that lead to it; none where the data is the list. */
export interface ListPlace {
  readonly data: Json;
  readonly names: readonly string[];
}

/** @throws {MillraceError} `LIST_PATH` where the text is no path */
export function placeOf(data: Json, list = ''): ListPlace {
  const names = namesOf(list);
  if (names) return { data, names };
  throw new MillraceError('LIST_PATH', `“${list}” is no path: names joined by dots, such as order.lines.`, {
    pointer: '/config/list',
  });
}

/** @throws {MillraceError} `LIST_MISSING` */
export function listAt({ data, names }: ListPlace): Json {
  let here: Json | undefined = data;
  for (const name of names) here = memberOf(here, name);
  if (here !== undefined) return here;
  throw new MillraceError('LIST_MISSING', `The data has no list at “${names.join('.')}”.`);
}

/** The same data with another list in its place. */
export function withListAt({ data, names }: ListPlace, list: Json): Json {
  const [name, ...deeper] = names;
  if (name === undefined) return list;
  const inner = withListAt({ data: memberOf(data, name) as Json, names: deeper }, list);
  return Object.fromEntries(
    Object.entries(data as JsonObject).map(([key, value]) => [key, key === name ? inner : value]),
  );
}

function memberOf(data: Json | undefined, name: string): Json | undefined {
  return isObject(data) && Object.hasOwn(data, name) ? data[name] : undefined;
}
