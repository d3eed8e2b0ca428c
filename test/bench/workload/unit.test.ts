import { makeOrder, orderMapping } from '@millrace/jsonata/bench/order';
import jsonata from 'jsonata';
import { expect, test } from 'vitest';
import { readWorkUnit } from './unit.ts';

test.each([1, 10, 1000])('an order of %i lines is mapped to a head and 15 fields for every line', async (lines) => {
  const { Header, Lines } = await jsonata(readWorkUnit().mapping).evaluate(makeOrder(lines, 'O-1'));
  expect(Header).toMatchObject({ DocRef: 'O-1', LineCount: lines });
  expect([Lines].flat().map((line) => Object.keys(line).length)).toEqual(Array(lines).fill(15));
});

test('the schema that every system gets is the flow’s', () => {
  expect(readWorkUnit().schema).toMatchObject({ required: expect.arrayContaining(['orderId', 'lines']) });
});

test('the mapping that is measured by itself is the flow’s', () => {
  const inOneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
  expect(inOneLine(readWorkUnit().mapping)).toBe(inOneLine(orderMapping));
});
