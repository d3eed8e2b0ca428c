import { ExactNumber, type Json } from '@millrace/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { file, fromBoth, refused, text } from './build.fixture.ts';

describe('JSON', () => {
  test('numbers keep all their digits', async () => {
    expect(await text({ n: new ExactNumber('9007199254740993') }, { json: {} })).toBe('{"n":9007199254740993}');
  });

  test('a file that holds a list is the document that the list would be', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue() as fc.Arbitrary<Json>), fc.boolean(), async (list, indent) => {
        expect(await fromBoth(list, { json: { indent } })).toBe(
          JSON.stringify(list, undefined, indent ? 2 : undefined),
        );
      }),
      { numRuns: 100 },
    );
  });

  test('each item on a line of its own is a list that other nodes can read', async () => {
    expect(await fromBoth([{ a: 1 }, 'x'], { jsonLines: {} })).toBe('{"a":1}\n"x"\n');
    expect((await file([1, 2], { jsonLines: {} })).about).toMatchObject({
      mediaType: 'application/x-ndjson',
      bytes: 4,
    });
    expect((await file([1], { jsonLines: {} }, { byteOrderMark: true })).about).toMatchObject({
      mediaType: 'text/plain',
    });
    expect(await text({ a: 1 }, { jsonLines: {} })).toMatchObject(refused('NOT_A_LIST'));
  });
});
