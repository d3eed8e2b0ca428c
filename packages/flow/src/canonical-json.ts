import { isObject, type Json, writeJson } from '@millrace/contract';

/**
 * JSON text in which equal values are equal texts: keys sorted by UTF-16 units, no spaces (as RFC 8785 has it, save that
 * exact numbers keep the digits they were written with). What a flow's content hash is taken of.
 */
export function canonicalJson(value: unknown): string {
  return writeJson(sorted(value as Json));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name] as Json)]));
}
