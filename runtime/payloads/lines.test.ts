import type { Json } from '@millrace/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { itemsOf, linesOf } from './lines.ts';
import { linesPerOffset, Measure } from './measure.ts';
import { allOf } from './payloads.fixture.ts';

/** The same bytes, cut into pieces of any sizes. */
async function* cut(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

const sizes = fc.array(fc.nat(20), { maxLength: 20 });
const json = fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.parse(JSON.stringify(value)) as Json);

test('items written as lines come back, however the bytes are cut and wherever reading begins', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(json, { maxLength: 20 }), sizes, fc.nat(25), async (items, sizes, skip) => {
      const bytes = Buffer.concat(await allOf(linesOf(items)));
      const read = allOf(itemsOf(cut(bytes, sizes), { name: 'a', first: 0, skip }));
      expect(await read).toEqual(items.slice(skip));
    }),
  );
});

test('a list is indexed at the same bytes, however they are cut', async () => {
  const bytes = Buffer.concat(await allOf(linesOf(Array.from({ length: 5003 }, (_, n) => 'x'.repeat(n % 7)))));
  const starts = bytes.toString().split('\n').slice(0, -1);
  const offsets = starts.map((_, n) => starts.slice(0, n).join('\n').length + (n === 0 ? 0 : 1));
  const expected = offsets.filter((_, n) => n % linesPerOffset === 0);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(9000), { maxLength: 10 }), async (sizes) => {
      const measure = new Measure({ name: 'a', limit: bytes.length, isList: true });
      expect(Buffer.concat(await allOf(measure.of(cut(bytes, sizes))))).toEqual(bytes);
      expect(measure.total()).toMatchObject({ bytes: bytes.length, lines: expected });
    }),
    { numRuns: 30 },
  );
});

test('an item that would not fit into memory is refused', async () => {
  const endless = (async function* () {
    for (let n = 0; n < 70; n++) yield Buffer.alloc(1024 * 1024, 0x20);
  })();
  await expect(allOf(itemsOf(endless, { name: 'a', first: 0, skip: 0 }))).rejects.toMatchObject({
    code: 'BLOB_LINE_INVALID',
  });
});
