import { ExactNumber, type Json } from '@millrace/contract';
import { runNode } from '@millrace/testing/run-node';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import parse from './node.ts';
import { out, parseBoth, refused } from './parse.fixture.ts';

describe('JSON', () => {
  test('a whole document, with every number to its last digit (attacks 35, 36)', async () => {
    expect(
      await parseBoth('\ufeff{"a": 9007199254740993, "b": 12345678901234567890.12, "c": [1.5]}', { json: {} }),
    ).toEqual({
      a: new ExactNumber('9007199254740993'),
      b: new ExactNumber('12345678901234567890.12'),
      c: [1.5],
    });
  });

  test('the items of a list keep their numbers too', async () => {
    const text = '{"x": {"a.b": [9007199254740993, {"n": 0.1000000000000000000001}, "s", null, [true]]}, "y": [0]}';
    expect(await parseBoth(text, { json: { list: 'x."a.b"' } })).toEqual([
      new ExactNumber('9007199254740993'),
      { n: new ExactNumber('0.1000000000000000000001') },
      's',
      null,
      [true],
    ]);
  });

  test.each<[string, string]>([
    ['{"x": [{"data": true}, [1, 2]]}', 'x.data'],
    ['{"x": {"data": "list"}}', 'x.data'],
    ['[{"x": [1]}]', 'x'],
    ['{"y": {"x": [1]}}', 'x'],
    ['{}', ''],
    ['7', ''],
  ])('%s has no list at “%s”', async (text, list) => {
    expect(await parseBoth(text, { json: { list } })).toMatchObject(refused('LIST_MISSING'));
  });

  test('two lists at the same place are refused (attack 32)', async () => {
    expect(await parseBoth('{"x": [1], "x": [2]}', { json: { list: 'x' } })).toMatchObject(refused('LIST_TWICE'));
  });

  test('a list at no proper path is refused', async () => {
    expect(await parseBoth('[]', { json: { list: 'a..b' } })).toMatchObject(refused('LIST_PATH'));
  });

  test.each<[string, object]>([
    ['{"a": 1,\n "b": tru}', { line: 2, column: 7 }],
    ['{"a": 1', { line: 1 }],
    ['', { line: 1 }],
    ['[1, NaN]', { line: 1, column: 5 }],
    ['[Infinity]', { line: 1, column: 2 }],
    ['[01]', { line: 1 }],
    ['[1,]', { line: 1 }],
    ["['a']", { line: 1 }],
    ['[1] [2]', { line: 1 }],
    ['["a\nb"]', { line: 1 }],
    ['["\\x"]', { line: 1 }],
  ])('%j is refused with its line and column (attack 34)', async (text, place) => {
    const expected = refused('JSON_INVALID', expect.objectContaining(place));
    expect(await parseBoth(text, { json: {} })).toMatchObject(expected);
    expect(await parseBoth(text, { json: { list: '' } })).toMatchObject(expected);
  });

  test('what stands behind a list is looked at too: a document that is cut off is refused', async () => {
    expect(await parseBoth('{"x": [1, 2], "y": {"z": 1', { json: { list: 'x' } })).toMatchObject(
      refused('JSON_INVALID'),
    );
  });

  test.each(['[', '{"a":'])('a depth of 100,000 is refused (attack 30): %s', async (opening) => {
    const deep = `${opening.repeat(100_000)}1${(opening === '[' ? ']' : '}').repeat(100_000)}`;
    expect(await parseBoth(deep, { json: {} })).toMatchObject(refused('JSON_TOO_DEEP'));
    expect(await parseBoth(`[${deep}]`, { json: { list: '' } })).toMatchObject(refused('JSON_TOO_DEEP'));
    expect(await parseBoth(`{"x": ${deep}, "y": []}`, { json: { list: 'y' } })).toMatchObject(refused('JSON_TOO_DEEP'));
  });

  test('a document of more than 10 MB is parsed by its list alone', async () => {
    const text = `[${'"0123456789",'.repeat(900_000)}1]`;
    expect(await out(text, { json: { list: '' } })).toMatchObject({ mediaType: 'application/x-ndjson' });
    expect(await runNode(parse, null, { from: text, json: {} })).toMatchObject(refused('PARSE_TOO_LARGE'));
  });

  test.each<[string, string]>([
    ['a long text', `["${'x'.repeat(2_000_000)}"]`],
    ['a long number', `[${'9'.repeat(2_000_000)}]`],
    ['many values', `[[${'1,'.repeat(1_500_000)}1]]`],
    ['a long name', `{"${'x'.repeat(20_000)}": 1}`],
  ])('an item that is too large is refused: %s', async (_, text) => {
    expect(await runNode(parse, null, { from: text, json: { list: '' } })).toMatchObject(refused('ITEM_TOO_LARGE'));
  });

  test('__proto__ is a field like any other (attack 33)', async () => {
    for (const json of [{}, { list: '' }]) {
      const [item] = (await out('[{"__proto__": {"polluted": 1}}]', { json })) as Json[];
      expect(Object.keys(item as object)).toEqual(['__proto__']);
    }
    expect({}).not.toHaveProperty('polluted');
  });

  test.each(['["a\\u0000"]', '[{"\\u0000": 1}]', '["\\ud800"]', '["\\udc00x"]'])(
    '%s cannot be stored and is refused (attack 37)',
    async (text) => {
      for (const json of [{}, { list: '' }]) {
        expect(await parseBoth(text, { json })).toMatchObject(refused('TEXT_NOT_STORABLE'));
      }
    },
  );

  test('a backslash in front of “u0000” is a backslash', async () => {
    expect(await parseBoth('["\\\\u0000", "\\ud83d\\ude00"]', { json: {} })).toEqual(['\\u0000', '😀']);
  });

  test('lists read one by one are those that are read whole', async () => {
    const values = fc.array(fc.jsonValue({ depthSize: 'small' }).map((value) => JSON.parse(JSON.stringify(value))));
    await fc.assert(
      fc.asyncProperty(values, async (list) => {
        const text = JSON.stringify({ before: list, the: { list }, behind: list }, undefined, 1);
        expect(await parseBoth(text, { json: { list: 'the.list' } })).toEqual(list);
      }),
      { numRuns: 200 },
    );
  });
});

describe('JSON lines', () => {
  test('each line is an item; blank lines are left out', async () => {
    expect(await parseBoth('{"a":1}\r\n\n9007199254740993\n"x"', { jsonLines: {} })).toEqual([
      { a: 1 },
      new ExactNumber('9007199254740993'),
      'x',
    ]);
  });

  test('a mistake is named with its line in the document', async () => {
    expect(await parseBoth('1\n2\n{"a" 3}\n', { jsonLines: {} })).toMatchObject(
      refused('JSON_INVALID', { line: 3, column: 6 }),
    );
  });

  test('a line without end is refused', async () => {
    expect(await runNode(parse, null, { from: `"${'x'.repeat(1_200_000)}"`, jsonLines: {} })).toMatchObject(
      refused('ITEM_TOO_LARGE'),
    );
  });
});
