/*
 * Parses a list of many items into a file, and prints how many items came out: `node long-list.fixture.ts csv 200000`.
 * It is run in a process of its own whose heap is too small for the list.
 */
import type { Blobs, Json, NodeContext } from '@millrace/contract';
import type { ParseConfig } from './config.ts';
import parse from './node.ts';

type Format = Omit<ParseConfig, 'from'>;

const [format = 'csv', count = '0'] = process.argv.slice(2);
const filling = 'x'.repeat(400);

const formats: Readonly<Record<string, { config: Format; before: string; item(n: number): string; behind: string }>> = {
  csv: { config: { csv: {} }, before: 'n,name\n', item: (n) => `${n},${filling}\n`, behind: '' },
  jsonLines: { config: { jsonLines: {} }, before: '', item: (n) => `{"n":${n},"name":"${filling}"}\n`, behind: '' },
  json: {
    config: { json: { list: 'data.items' } },
    before: '{"data":{"items":[',
    item: (n) => `${n === 0 ? '' : ','}{"n":${n},"name":"${filling}"}`,
    behind: ']}}',
  },
};

/** Gives the document as it is read, and counts the items as they are written, keeping neither. */
function blobsOf({ before, item, behind }: (typeof formats)[string]): { blobs: Blobs; written(): number } {
  let written = 0;
  const ref = { blob: `blob_${'0'.repeat(32)}`, name: 'x', mediaType: 'text/plain', bytes: 0, sha256: '' };
  const blobs = {
    async *read() {
      yield Buffer.from(before);
      for (let n = 0; n < Number(count); n += 100) {
        yield Buffer.from(Array.from({ length: 100 }, (_, offset) => item(n + offset)).join(''));
      }
      yield Buffer.from(behind);
    },
    async writeLines(items: AsyncIterable<Json>) {
      for await (const _ of items) written += 1;
      return ref;
    },
  };
  return { blobs: blobs as unknown as Blobs, written: () => written };
}

const chosen = formats[format];
if (!chosen) throw new Error(`There is no format ${format}.`);
const { blobs, written } = blobsOf(chosen);
const from = { blob: `blob_${'1'.repeat(32)}` };
const result = await parse.run(null, { from, ...chosen.config }, { blobs } as NodeContext);
if (result.kind !== 'emit') throw new Error('It was not parsed.');
process.stdout.write(`${written()}\n`);
