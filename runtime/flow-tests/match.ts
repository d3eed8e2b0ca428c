import { isObject, type Json, writeJson } from '@millrace/contract';

/**
 * Where the actual value does not match the expected one: a sentence for each place. Objects match by the fields that
 * are expected, lists by length and element, `"*"` by anything that is there.
 */
export function mismatches(expected: Json, actual: Json | undefined, path = ''): string[] {
  if (actual === undefined) return [`${path || 'it'} is missing`];
  if (expected === '*') return [];
  if (Array.isArray(expected)) return listMismatches(expected, actual, path);
  if (isObject(expected)) {
    if (!isObject(actual)) return [`${path || 'it'} is ${brief(actual)}, not an object`];
    return Object.entries(expected).flatMap(([key, value]) => mismatches(value, actual[key], `${path}/${key}`));
  }
  return writeJson(expected) === writeJson(actual)
    ? []
    : [`${path || 'it'} is ${brief(actual)}, expected ${brief(expected)}`];
}

function listMismatches(expected: readonly Json[], actual: Json, path: string): string[] {
  if (!Array.isArray(actual)) return [`${path || 'it'} is ${brief(actual)}, not a list`];
  if (expected.length !== actual.length)
    return [`${path || 'it'} has ${actual.length} elements, expected ${expected.length}: ${brief(actual)}`];
  return expected.flatMap((value, index) => mismatches(value, actual[index] as Json, `${path}/${index}`));
}

function brief(value: Json): string {
  const text = writeJson(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
