import { AnyJson, type Blobs, defineNode, emit, type Json, MillraceError } from '@millrace/contract';
import { encoded } from '../text/encode.ts';
import { BuildConfig, type FileOptions } from './config.ts';
import { csvPieces } from './csv.ts';
import { jsonLinePieces, jsonPieces } from './json.ts';
import { xmlPieces } from './xml.ts';

/** Longest text that is put into the run's data, in characters. */
const maxText = 10 * 1024 * 1024;

export default defineNode({
  id: 'core/build',
  version: 1,
  title: 'Build',
  summary: 'Writes data as a text or a file: JSON, JSON lines, CSV or XML.',
  docs: `The way back from \`core/parse\`: what it gives is written again as it was read. A file that holds a list is read
as it is written, so that its length does not matter; a text may have 10 MB.

In **CSV** the columns are the same in every row and keep their order. In **XML** \`@name\` is an attribute, \`#text\` the
text beside attributes, and a list the same element several times; every value is escaped, and a name that XML does not
allow is refused.`,
  icon: 'file-export',
  config: BuildConfig,
  input: AnyJson,
  outputs: { out: AnyJson },
  effect: 'read',
  examples: [
    {
      title: 'Order lines as CSV with a decimal comma',
      config: {
        from: '{% lines %}',
        csv: {
          columns: [
            { from: 'sku', header: 'Item' },
            { from: 'price.amount', header: 'Price' },
          ],
          delimiter: ';',
          decimalComma: true,
        },
      },
      input: { lines: [{ sku: '00123', price: { amount: 12.5 } }, { sku: 'Rope; blue' }] },
      expect: { port: 'out', data: 'Item;Price\n00123;12,5\n"Rope; blue";\n' },
    },
    {
      title: 'An order as XML',
      config: { from: '{% $ %}', xml: {} },
      input: { Order: { '@no': '4711', Line: [{ '@n': '1', '#text': 'Fish & chips' }, { '@n': '2' }] } },
      expect: {
        port: 'out',
        data: '<?xml version="1.0"?><Order no="4711"><Line n="1">Fish &amp; chips</Line><Line n="2"/></Order>',
      },
    },
    {
      title: 'A JSON file',
      config: { from: '{% $ %}', json: {}, file: { name: '{% id & ".json" %}' } },
      input: { id: 'D-1001' },
      expect: {
        port: 'out',
        data: { blob: '*', name: 'D-1001.json', mediaType: 'application/json', bytes: 15, sha256: '*' },
      },
    },
    {
      title: 'A list in a cell is refused',
      config: { from: '{% $ %}', csv: {} },
      input: [{ sku: 'A-1', tags: ['x', 'y'] }],
      expect: { error: 'CSV_CELL' },
    },
  ],
  async run(_input, config, { blobs }) {
    const { pieces, mediaType } = written(config, blobs);
    if (!config.file) return emit('out', await joined(pieces));
    return emit('out', (await fileOf(pieces, config.file, mediaType, blobs)) as unknown as Json);
  },
});

function written({ from, json, jsonLines, csv, xml, file }: BuildConfig, blobs: Blobs) {
  const data = from as Json;
  if (csv) return { pieces: csvPieces(data, csv, blobs), mediaType: 'text/csv' };
  if (jsonLines) return { pieces: jsonLinePieces(data, lineEnd(jsonLines), blobs), mediaType: listType(file) };
  if (json) return { pieces: jsonPieces(data, json.indent ?? false, blobs), mediaType: 'application/json' };
  const encoding = file && { encoding: charsets[file.encoding ?? 'utf-8'] };
  return { pieces: xmlPieces(data, { ...xml, ...encoding }, blobs), mediaType: 'application/xml' };
}

const charsets = { 'utf-8': 'UTF-8', latin1: 'ISO-8859-1', 'utf-16': 'UTF-16' };

function lineEnd({ lineEnding }: { lineEnding?: 'lf' | 'crlf' }): string {
  return lineEnding === 'crlf' ? '\r\n' : '\n';
}

/** A file that other nodes may read as a list is UTF-8 and has no mark in front. */
function listType(file: FileOptions | undefined): string {
  const isPlain = (file?.encoding ?? 'utf-8') === 'utf-8' && !file?.byteOrderMark;
  return isPlain ? 'application/x-ndjson' : 'text/plain';
}

async function joined(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length > maxText)
      throw new MillraceError(
        'BUILD_TOO_LARGE',
        `The text is longer than ${maxText} characters; build a file instead.`,
      );
  }
  return text;
}

function fileOf(pieces: AsyncIterable<string>, file: FileOptions, mediaType: string, blobs: Blobs) {
  const { name, encoding = 'utf-8', byteOrderMark = encoding === 'utf-16' } = file;
  return blobs.write(encoded(pieces, { encoding, byteOrderMark }), { name, mediaType });
}
