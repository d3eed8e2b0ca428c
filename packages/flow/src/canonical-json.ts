import { isObject, type Json, writeJson } from '@millrace/contract';
import { withSortedEdges, withSortedParts } from './orderless.ts';

/**
 * JSON text in which equal values are equal texts: keys sorted by UTF-16 units, no spaces (as RFC 8785 has it, save that
 * exact numbers keep the digits they were written with). What a flow's content hash is taken of: of a flow document or
 * bundle, lists in which order means nothing are sorted too.
 */
export function canonicalJson(value: unknown): string {
  return writeJson(withSortedKeys(withSortedLists(value as Json)));
}

function withSortedLists(value: Json): Json {
  if (!isObject(value)) return value;
  if (isObject(value.nodes) && Array.isArray(value.edges)) return withSortedEdges(value);
  return isObject(value.flow) ? withSortedParts(value) : value;
}

function withSortedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, withSortedKeys(value[name] as Json)]));
}
