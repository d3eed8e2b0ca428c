import { type Json, readJson, writeJson } from '@millrace/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSameData } from './same-data.ts';

const shuffled = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, inner]) => [name, shuffled(inner as Json)]),
  );
};

test('a value is the same as itself with its fields in another order, and with no other', () => {
  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
  fc.assert(
    fc.property(json, json, (one, other) => {
      const plain = readJson(writeJson(one));
      expect(isSameData(plain, shuffled(plain))).toBe(true);
      const isSameText = writeJson(sorted(plain)) === writeJson(sorted(readJson(writeJson(other))));
      expect(isSameData(plain, readJson(writeJson(other)))).toBe(isSameText);
    }),
  );
});

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted((value as Record<string, Json>)[name] as Json)]));
}

test.each<[string, string, boolean]>([
  ['12345678901234567890.12', '12345678901234567890.12', true],
  ['12345678901234567890.12', '12345678901234567890.13', false],
  ['9007199254740993', '9007199254740992', false],
  ['{"a":null}', '{"b":null}', false],
  ['[1,2]', '[2,1]', false],
  ['[]', '{}', false],
  ['null', '0', false],
])('%s and %s: the same is %s', (one, other, expected) => {
  expect(isSameData(readJson(one), readJson(other))).toBe(expected);
});
