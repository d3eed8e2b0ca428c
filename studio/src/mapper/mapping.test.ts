import { expect, test } from 'vitest';
import {
  addLine,
  changeLine,
  type Line,
  linesOf,
  mappingOf,
  placeInText,
  sourceOf,
  sourceText,
  valueAt,
} from './mapping.ts';

const fields: Line[] = [
  { to: 'header.date', from: 'orderDate', required: true },
  {
    to: 'lines',
    each: 'items',
    fields: [
      { to: 'no', from: '$index + 1' },
      { to: 'qty', from: 'quantity' },
    ],
  },
];

test('lines of a list come after it and look at its first item', () => {
  expect(linesOf(fields).map(({ place, way }) => [place.join('.'), way.join('.')])).toEqual([
    ['0', 'header.date'],
    ['1', 'lines'],
    ['1.0', 'lines.0.no'],
    ['1.1', 'lines.0.qty'],
  ]);
});

test('a name with a dot in it is one name', () => {
  expect(linesOf([{ to: 'header."a.b".c' }])[0]?.way).toEqual(['header', 'a.b', 'c']);
});

test('an inner line is changed, taken away and added without touching the others', () => {
  const changed = changeLine(fields, [1, 1], (line) => ({ ...line, default: 1 }));
  expect(changed[1]?.fields?.[1]).toEqual({ to: 'qty', from: 'quantity', default: 1 });
  expect(changed[0]).toBe(fields[0]);
  expect(changeLine(fields, [1, 0], () => undefined)[1]?.fields).toHaveLength(1);
  expect(addLine(fields, [1])[1]?.fields?.at(-1)).toEqual({ to: '' });
  expect(addLine(fields, [])).toHaveLength(3);
});

test('values are found in the result, and where there is none there is nothing', () => {
  const result = { header: { date: '2025-12-25' }, lines: [{ no: 1 }] };
  expect(valueAt(result, ['lines', '0', 'no'])).toBe(1);
  expect(valueAt(result, ['header', 'date', 'x'])).toBeUndefined();
  expect(valueAt(undefined, ['header'])).toBeUndefined();
});

test('a node without fields is a mapping by text', () => {
  expect(mappingOf({ expression: '$' })).toEqual({ kind: 'text', expression: '$' });
  expect(mappingOf({})).toEqual({ kind: 'text', expression: '' });
});

test('an offset is told as line and column', () => {
  expect(placeInText('ab\ncd', 4)).toEqual({ line: 2, column: 2 });
});

test.each([
  ['customer.name', 'customer.name'],
  ['xpath: /Order/@no', { xpath: '/Order/@no' }],
  ['jsonpath: $.order.no', { jsonpath: '$.order.no' }],
])('the source %s is written as text and read again', (text, source) => {
  expect(sourceOf(text)).toEqual(source);
  expect(sourceText(sourceOf(text))).toBe(text);
});

test('an empty source is none', () => {
  expect(sourceOf('')).toBeUndefined();
  expect(sourceText(undefined)).toBe('');
});
