import { AnyJson, defineNode, emit, type Json, type NodeContext } from '@millrace/contract';
import { collect } from '../list/collect.ts';
import { readXmlOfAnySize } from '../xml/large-xml.ts';
import { xmlCharset } from '../xml/read-xml.ts';
import { ParseConfig } from './config.ts';
import { csvRows } from './csv.ts';
import { jsonLines } from './json-lines.ts';
import { jsonList } from './json-list.ts';
import { parseJsonOfAnySize } from './json-text.ts';
import { textOf, wholeText } from './source.ts';

export default defineNode({
  id: 'core/parse',
  version: 1,
  title: 'Parse',
  summary: 'Makes data out of a text or a file: JSON, JSON lines, CSV or XML.',
  docs: `What is read row by row or item by item (CSV, JSON lines, the list of a JSON document) may be of any length: a
long list is given as a file that holds it, which a for-each, a split, an aggregate and a build read as they go along.
Where a row is wrong, nothing is given, and the error names its line. A document that is parsed as a whole may have 10
MB.

**JSON** keeps every number to its last digit. **CSV** keeps every value as text (\`00123\` stays \`00123\`) unless its
column is named under numbers. **XML** keeps every value as text too: an element is an object of its attributes
(\`@name\`) and elements, repeated ones a list; one without either is its text, and text beside attributes is under
\`#text\`. An element that stands there once is no list. Nothing that a document type declares is loaded or expanded.`,
  icon: 'file-import',
  config: ParseConfig,
  input: AnyJson,
  outputs: { out: AnyJson },
  effect: 'read',
  examples: [
    {
      title: 'A price list with a decimal comma',
      config: { from: '{% $ %}', csv: { delimiter: ';', numbers: ['price'], decimalComma: true } },
      input: 'sku;name;price\n00123;"Rope; blue";12,50\n00124;Hook;3\n',
      expect: {
        port: 'out',
        data: [
          { sku: '00123', name: 'Rope; blue', price: 12.5 },
          { sku: '00124', name: 'Hook', price: 3 },
        ],
      },
    },
    {
      title: 'An order in XML, out of an answer',
      config: { from: '{% body %}', xml: {} },
      input: { status: 200, body: '<Order no="4711"><Line n="1">A-1</Line><Line n="2">B-2</Line></Order>' },
      expect: {
        port: 'out',
        data: {
          Order: {
            '@no': '4711',
            Line: [
              { '@n': '1', '#text': 'A-1' },
              { '@n': '2', '#text': 'B-2' },
            ],
          },
        },
      },
    },
    {
      title: 'The list in a JSON document',
      config: { from: '{% $ %}', json: { list: 'data.orders' } },
      input: '{"count": 2, "data": {"orders": [{"id": "D-1"}, {"id": "D-2"}]}}',
      expect: { port: 'out', data: [{ id: 'D-1' }, { id: 'D-2' }] },
    },
    {
      title: 'A row that is too short is refused with its line',
      config: { from: '{% $ %}', csv: {} },
      input: 'sku,qty\nA-1\n',
      expect: { error: 'CSV_INVALID' },
    },
  ],
  async run(_input, config, ctx) {
    return emit('out', await parsed(config, ctx));
  },
});

async function parsed(config: ParseConfig, { blobs, tenant }: Pick<NodeContext, 'blobs' | 'tenant'>): Promise<Json> {
  const { from, json, jsonLines: lines, csv, encoding } = config;
  const text = textOf(from as Json, { encoding, blobs, ...(config.xml && { detect: xmlCharset }) });
  if (csv) return collect(csvRows(text, csv), { as: csv.as, name: 'rows', blobs });
  if (lines) return collect(jsonLines(text), { as: lines.as, name: 'items', blobs });
  if (json?.list !== undefined) return collect(jsonList(text, json.list), { as: json.as, name: 'items', blobs });
  if (json) {
    const whole = await wholeText(text, 'name the list in it, whose items are then read one by one.');
    return parseJsonOfAnySize(whole, tenant.slug);
  }
  return readXmlOfAnySize(await wholeText(text, 'larger XML documents cannot be parsed.'), tenant.slug);
}
