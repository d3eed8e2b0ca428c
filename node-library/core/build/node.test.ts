import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { runNode } from '@millrace/testing/run-node';
import { schemaProblems } from '@millrace/testing/schema-problems';
import { describe, expect, test } from 'vitest';
import parse from '../parse/node.ts';
import { file, refused, text } from './build.fixture.ts';
import build from './node.ts';

describe('the config', () => {
  test.each<object>([
    {},
    { json: {}, xml: {} },
    { xml: { item: 'Order' } },
    { csv: { delimiter: '"' } },
    { csv: {}, file: { name: 'x', encoding: 'latin1', byteOrderMark: true } },
    { csv: {}, file: {} },
  ])('%j says nothing that can be done', (config) => {
    expect(schemaProblems(build.config, { from: '', ...config })).not.toEqual([]);
  });
});

describe('a file', () => {
  test('in the encoding that is asked for, and XML says which', async () => {
    const xml = (await file({ a: 'å' }, { xml: {} }, { encoding: 'latin1' })).bytes;
    expect(xml.toString('latin1')).toBe('<?xml version="1.0" encoding="ISO-8859-1"?><a>å</a>');
    expect((await file([{ a: 'å' }], { csv: {} }, { byteOrderMark: true })).bytes.toString()).toBe('\ufeffa\nå\n');
    expect((await file([{ a: '😀' }], { csv: {} }, { encoding: 'utf-16' })).bytes.toString('utf16le')).toBe(
      '\ufeffa\n😀\n',
    );
  });

  test('is parsed again as it was', async () => {
    const blobs = memoryBlobs();
    for (const encoding of ['utf-8', 'utf-16'] as const) {
      const built = await runNode(
        build,
        null,
        { from: { a: 'å€😀' }, xml: {}, file: { name: 'x', encoding } },
        { blobs },
      );
      const data = built.kind === 'emit' ? built.data : null;
      expect(await runNode(parse, null, { from: data, xml: {} }, { blobs })).toMatchObject({ data: { a: 'å€😀' } });
    }
  });

  test('a character that the encoding does not have is named', async () => {
    expect((await file([{ a: '€' }], { csv: {} }, { encoding: 'latin1' })).result).toMatchObject({
      error: { code: 'TEXT_NOT_ENCODABLE', message: expect.stringContaining('U+20AC') },
    });
  });

  test('says what it is', async () => {
    expect((await file([{ a: 1 }], { csv: {} })).about).toMatchObject({ name: 'out', mediaType: 'text/csv', bytes: 4 });
    expect((await file({ a: 1 }, { xml: {} })).about).toMatchObject({ mediaType: 'application/xml' });
  });

  test('is needed where a text would be too long', async () => {
    const rows = Array.from({ length: 12 }, () => ({ a: 'x'.repeat(1_000_000) }));
    expect(await text(rows, { csv: {} })).toMatchObject(refused('BUILD_TOO_LARGE'));
    expect((await file(rows, { csv: {} })).about).toMatchObject({ bytes: 12_000_014 });
  });
});
