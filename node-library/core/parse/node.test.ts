import { type BlobRef, type Json, writeJson } from '@millrace/contract';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { runNode } from '@millrace/testing/run-node';
import { schemaProblems } from '@millrace/testing/schema-problems';
import { describe, expect, test } from 'vitest';
import parse from './node.ts';
import { out, refused } from './parse.fixture.ts';

describe('the config', () => {
  test.each<object>([
    {},
    { json: {}, csv: {} },
    { json: { as: 'list' } },
    { csv: { delimiter: ';;' } },
    { csv: { decimalComma: true } },
    { csv: { columns: ['a', 'a'] } },
    { xml: { list: 'a' } },
    { json: {}, encoding: 'cp437' },
  ])('%j says nothing that can be done', (config) => {
    expect(schemaProblems(parse.config, { from: '', ...config })).not.toEqual([]);
  });
});

describe('what is given', () => {
  const csv = (rows: number) => `n\n${Array.from({ length: rows }, (_, n) => `${n}\n`).join('')}`;

  async function given(text: string, as?: 'list' | 'blob') {
    const blobs = memoryBlobs();
    const result = await runNode(parse, null, { from: text, csv: { ...(as && { as }) } }, { blobs });
    return { blobs, data: result.kind === 'emit' ? result.data : null, result };
  }

  test('a short list is data, a long one a file with the same items', async () => {
    expect((await given(csv(1000))).data).toHaveLength(1000);
    const { blobs, data } = await given(csv(1001));
    expect(data).toMatchObject({ name: 'rows.ndjson', mediaType: 'application/x-ndjson' });
    const items: Json[] = [];
    for await (const item of blobs.readLines(data as unknown as BlobRef)) items.push(item);
    expect(items).toEqual(Array.from({ length: 1001 }, (_, n) => ({ n: String(n) })));
  });

  test('a few large items are a file too', async () => {
    expect((await given(`n\n${`${'x'.repeat(500_000)}\n`.repeat(3)}`)).data).toHaveProperty('blob');
  });

  test('either can be asked for', async () => {
    expect((await given(csv(2), 'blob')).data).toHaveProperty('blob');
    expect((await given(csv(2000), 'list')).data).toHaveLength(2000);
    expect((await given(csv(50_001), 'list')).result).toMatchObject(refused('LIST_TOO_LONG'));
  });

  test('a mistake far behind gives nothing at all', async () => {
    expect((await given(`${csv(5000)}a,b\n`)).result).toMatchObject(refused('CSV_INVALID', { line: 5002 }));
  });

  test.each<Json>([7, { a: 1 }, [1], null])('%j is nothing that can be parsed', async (input) => {
    expect(await runNode(parse, null, { from: input, json: {} })).toMatchObject(refused('PARSE_NOT_TEXT'));
  });

  test('a file that is not there is an error of its own', async () => {
    const gone = { blob: `blob_${'0'.repeat(32)}`, name: 'x', mediaType: 'text/csv', bytes: 1, sha256: '' };
    expect(await runNode(parse, null, { from: gone, csv: {} })).toMatchObject({
      kind: 'fail',
      error: { code: 'BLOB_MISSING' },
    });
  });

  test('what is read is JSON', async () => {
    expect(writeJson(await out('n\n9007199254740993\n', { csv: { numbers: ['n'] } }))).toBe('[{"n":9007199254740993}]');
  });
});
