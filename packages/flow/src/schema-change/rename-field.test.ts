import type { JsonObject } from '@millrace/contract';
import { describe, expect, test } from 'vitest';
import { renameField } from './rename-field.ts';

const text = { type: 'string' };
const order: JsonObject = {
  type: 'object',
  required: ['id', 'lines'],
  properties: {
    id: text,
    customer: { $ref: '#/$defs/customer' },
    shipTo: { $ref: '#/$defs/customer' },
    lines: { type: 'array', items: { type: 'object', required: ['qty'], properties: { sku: text, qty: text } } },
    payment: { oneOf: [{ properties: { card: text } }, { properties: { iban: text, card: text } }] },
  },
  $defs: { customer: { properties: { name: text } } },
};
const renamed = (path: string, to: string) => renameField(order, path.split('.'), to) as Record<string, JsonObject>;

describe('a field is renamed', () => {
  test('in its place, and among the required ones', () => {
    const { properties = {}, required } = renamed('id', 'number');
    expect(Object.keys(properties)).toEqual(['number', 'customer', 'shipTo', 'lines', 'payment']);
    expect(required).toEqual(['number', 'lines']);
  });

  test('in the items of a list', () => {
    expect(renamed('lines.qty', 'quantity').properties?.lines).toEqual({
      type: 'array',
      items: { type: 'object', required: ['quantity'], properties: { sku: text, quantity: text } },
    });
  });

  test('in what a reference leads to, for all that refer to it', () => {
    expect(renamed('customer.name', 'title').$defs).toEqual({ customer: { properties: { title: text } } });
  });

  test('in every alternative that has it', () => {
    expect(renamed('payment.card', 'pan').properties?.payment).toEqual({
      oneOf: [{ properties: { pan: text } }, { properties: { iban: text, pan: text } }],
    });
  });

  test('and the schema that was given stays as it was', () => {
    const before = JSON.stringify(order);
    renamed('lines.qty', 'quantity');
    expect(JSON.stringify(order)).toBe(before);
  });
});

test('a field that is not there, or whose new name is taken, is refused by name', () => {
  expect(() => renamed('lines.quantity', 'x')).toThrow(
    expect.objectContaining({ code: 'SCHEMA_FIELD_UNKNOWN', message: expect.stringContaining('“sku”, “qty”') }),
  );
  expect(() => renamed('lines.qty', 'sku')).toThrow(expect.objectContaining({ code: 'SCHEMA_FIELD_TAKEN' }));
  expect(() => renameField(order, [], 'x')).toThrow(expect.objectContaining({ code: 'SCHEMA_FIELD_UNKNOWN' }));
});

test('a schema that contains itself comes to an end', () => {
  const endless: JsonObject = { $ref: '#', properties: { parent: { $ref: '#' }, name: text } };
  expect(renameField(endless, ['parent', 'parent', 'name'], 'title').properties).toEqual({
    parent: { $ref: '#' },
    title: text,
  });
});
