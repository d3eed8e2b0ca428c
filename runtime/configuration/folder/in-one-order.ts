import { isObject, type Json } from '@millrace/contract';
import { compare } from '../configuration.ts';

/** The value with the keys of its objects sorted by UTF-16 units. */
export function inOneOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map(inOneOrder);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort(compare);
  return Object.fromEntries(names.map((name) => [name, inOneOrder(value[name] as Json)]));
}
