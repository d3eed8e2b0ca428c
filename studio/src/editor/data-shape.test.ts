import { readJson } from '@millrace/contract';
import { expect, test } from 'vitest';
import { fieldsOf, tableOf } from './data-shape.ts';

const order = readJson('{"id":"D-1","total":10.50,"lines":[{"sku":"A","qty":1},{"sku":"B","qty":null,"note":"x"}]}');

test('the fields of some data are told with their types, items of a list together', () => {
  expect(fieldsOf(order)).toEqual([
    { path: 'id', type: 'string', example: 'D-1' },
    { path: 'total', type: 'number', example: '10.5' },
    { path: 'lines', type: 'list', example: undefined },
    { path: 'lines[]', type: 'object', example: undefined },
    { path: 'lines[].sku', type: 'string', example: 'A' },
    { path: 'lines[].qty', type: 'null | number', example: '1' },
    { path: 'lines[].note', type: 'string', example: 'x' },
  ]);
});

test('a list of objects is a table, also as the only list of an object', () => {
  const table = {
    columns: ['sku', 'qty', 'note'],
    rows: [
      ['A', '1', ''],
      ['B', 'null', 'x'],
    ],
  };
  expect(tableOf(order)).toEqual(table);
  expect(tableOf((order as { lines: never }).lines)).toEqual(table);
  expect(tableOf(['a', 'b'])).toBeUndefined();
  expect(tableOf('text')).toBeUndefined();
});
