import { shapeOfSchema, shapeOfValue } from '@millrace/mapping';
import { expect, test } from 'vitest';
import { treeOf, wayInWords } from './field-tree.ts';
import { schemaOfExample } from './schema-of-example.ts';
import { suggest } from './suggest.ts';
import { wordsOf } from './words-of-names.ts';

function suggested(from: object, to: object, fields: Parameters<typeof suggest>[0] = []) {
  const input = treeOf({ root: '', label: '', shape: shapeOfValue(from), sample: from as never });
  const target = treeOf({
    root: '',
    label: '',
    shape: shapeOfSchema(schemaOfExample(to as never, true)),
    sample: undefined,
  });
  return suggest(fields, input, target).map(
    ({ source, target: goal, why }) => `${wayInWords(source)} → ${wayInWords(goal)} (${why})`,
  );
}

test('R-X4 names are compared by their words, whatever their notation', () => {
  expect(wordsOf('customerSKU_raw')).toEqual(['customer', 'sku']);
  expect(wordsOf('OrderQtys')).toEqual(['order', 'quantity']);
});

test('R-X4 other words for the same thing are suggested, within the list that is repeated', () => {
  expect(
    suggested(
      { customer: { no: 'C1' }, items: [{ articleNo: 'A', qty: 1, unitPrice: 2 }] },
      { client: { number: '' }, positions: [{ sku_number: '', quantity: 0, price: 0 }] },
    ),
  ).toEqual(['customer.no → client.number (words)']);
  expect(
    suggested(
      { positions: [{ articleNo: 'A', qty: 1, unitPrice: 2 }] },
      { lines: [{ sku_number: '', quantity: 0, unit_price: 0 }] },
    ),
  ).toEqual([
    'positions → lines (words)',
    'positions[].articleNo → lines[].sku_number (words)',
    'positions[].qty → lines[].quantity (words)',
    'positions[].unitPrice → lines[].unit_price (words)',
  ]);
});

test('R-X4 what is around a field decides between equal names', () => {
  expect(
    suggested({ billing: { city: 'A' }, delivery: { city: 'B' } }, { ship_to: { city: '' }, invoice: { town: '' } }),
  ).toEqual(['delivery.city → ship_to.city (name)', 'billing.city → invoice.town (words)']);
});

test('R-X4 a type that cannot fit is not suggested, and neither is what has a line', () => {
  expect(suggested({ total: 'ten' }, { total: 0 })).toEqual([]);
  expect(suggested({ total: 10 }, { total: 0 }, [{ to: 'total', from: '1' }])).toEqual([]);
});

test('R-X4 fields of lists are suggested for a list that repeats already, also in lists of lists', () => {
  expect(
    suggested({ rows: [{ sku: 'A', batches: [{ lot: 'x' }] }] }, { lines: [{ sku: '', batches: [{ lot: '' }] }] }, [
      { to: 'lines', each: 'rows', fields: [] },
    ]),
  ).toEqual([
    'rows[].sku → lines[].sku (name)',
    'rows[].batches → lines[].batches (name)',
    'rows[].batches[].lot → lines[].batches[].lot (name)',
  ]);
});
