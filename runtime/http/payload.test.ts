import { ExactNumber, type Json, writeJson } from '@millrace/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maxDepth, parsePayload } from './payload.ts';

function refusal(text: string): unknown {
  try {
    return { accepted: parsePayload(text) };
  } catch (error) {
    return (error as { toData(): unknown }).toData();
  }
}

test('any JSON that can be stored is read as it was written', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      expect(parsePayload(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('decimals keep their digits', () => {
  const value = parsePayload('{"amount": 12345678901234567890.01}') as { amount: Json };
  expect(value.amount).toEqual(new ExactNumber('12345678901234567890.01'));
  expect(writeJson(value)).toBe('{"amount":12345678901234567890.01}');
});

test.each([
  ['', 1, 1],
  ['{"a": 1,}', 1, 9],
  ['{"a": hello}', 1, 7],
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
  ['[1, 2', 1, 6],
  ['{"a": "line\nbreak"}', 1, 12],
  ['{"a": "\\x"}', 1, 8],
  ['{} trailing', 1, 4],
  ["{'a': 1}", 1, 2],
  ['[01]', 1, 3],
  ['NaN', 1, 1],
])('%j is refused at line %i, column %i', (text, line, column) => {
  expect(refusal(text)).toMatchObject({ code: 'BAD_JSON', details: { line, column } });
});

test('the place of an error is never in front of the first character that was changed', () => {
  const broken = fc.tuple(fc.jsonValue(), fc.nat(), fc.constantFrom('}', ']', ',', ':', 'x', '"'));
  fc.assert(
    fc.property(broken, ([value, seed, character]) => {
      const text = JSON.stringify(value);
      const at = seed % (text.length + 1);
      const result = refusal(text.slice(0, at) + character + text.slice(at)) as { details?: { position: number } };
      if (result.details) expect(result.details.position).toBeGreaterThanOrEqual(startOfToken(text, at));
    }),
  );
});

/** Inside a string or a word, the token as a whole may be what is wrong. */
function startOfToken(text: string, at: number): number {
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|[^\s"[\]{},:]+/g)];
  return tokens.find(({ index, 0: token }) => index <= at && at <= index + token.length)?.index ?? at;
}

test.each([
  ['{"a": {"b": ["fine", "x\\u0000y"]}}', '/a/b/1'],
  ['{"a": [{"x\\u0000y": 1}]}', '/a/0'],
  ['{"a/b~c": "\\ud800"}', '/a~1b~0c'],
  ['["\\uDFFF"]', '/0'],
])('%s cannot be stored, and %s says where', (text, pointer) => {
  expect(refusal(text)).toMatchObject({ code: 'TEXT_NOT_STORABLE', pointer });
});

test('a pair of surrogates and a written backslash are ordinary text', () => {
  expect(parsePayload('["\\ud83d\\ude00", "\\\\u0000"]')).toEqual(['😀', '\\u0000']);
});

test('nesting is allowed to its limit, however the text is made', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  expect(refusal(nested(maxDepth))).toHaveProperty('accepted');
  expect(refusal(nested(maxDepth + 1))).toMatchObject({ code: 'TOO_DEEP' });
  expect(refusal('['.repeat(1_000_000))).toMatchObject({ code: 'TOO_DEEP' });
  expect(refusal(`["${'['.repeat(1000)}"]`)).toHaveProperty('accepted');
});

test('an endless string of escaped quotes is refused in one pass', () => {
  expect(refusal(`"${'\\"'.repeat(4_000_000)}`)).toMatchObject({ code: 'BAD_JSON' });
});
