import { ExactNumber } from '@millrace/contract';
import { runNode } from '@millrace/testing/run-node';
import { expect, test } from 'vitest';
import parse from './node.ts';
import type { Format } from './parse.fixture.ts';

const items = 40_000;
const repeated = (item: string, between = '') => Array.from({ length: items }, () => item).join(between);
const item = '{"id": "A-1", "price": 0.10000000000000000001}';

test.each<[string, Format, string]>([
  ['XML', { xml: {} }, `<list>${repeated('<item><id>A-1</id><price>1.5</price></item>')}</list>`],
  ['JSON', { json: {} }, `{"list": [${repeated(item, ',')}]}`],
  ['a list in JSON', { json: { list: 'list' } }, `{"list": [${repeated(item, ',')}]}`],
  ['JSON lines', { jsonLines: {} }, repeated(item, '\n')],
  ['CSV', { csv: {} }, `id,price\n${repeated('A-1,0.10000000000000000001', '\n')}`],
])('while a large document of %s is parsed, everything else goes on', async (_format, format, from) => {
  const over: string[] = [];
  const parsed = runNode(parse, null, { from, ...format }).then((result) => {
    over.push('parsed');
    return result;
  });
  // With the document in one go, not one turn would be over before it.
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  over.push('turns');
  expect(await parsed).toMatchObject({ kind: 'emit' });
  expect(over).toEqual(['turns', 'parsed']);
});

test('a large document is read as a small one is', async () => {
  const result = await runNode(parse, null, { from: `[${repeated(item, ',')}]`, json: {} });
  const list = result.kind === 'emit' ? (result.data as object[]) : [];
  expect(list).toHaveLength(items);
  expect(list.at(-1)).toEqual({ id: 'A-1', price: new ExactNumber('0.10000000000000000001') });
  const broken = await runNode(parse, null, { from: `[${repeated(item, ',')}\n}`, json: {} });
  expect(broken).toMatchObject({ kind: 'fail', error: { code: 'JSON_INVALID', details: { line: 2 } } });
  const xml = await runNode(parse, null, { from: `<a>\n<b>${repeated('<item/>')}</a>`, xml: {} });
  expect(xml).toMatchObject({ kind: 'fail', error: { code: 'XML_INVALID', details: { line: 2 } } });
});
