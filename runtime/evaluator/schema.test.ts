import { type Json, readJson } from '@millrace/contract';
import { describe, expect, it } from 'vitest';
import { checkSchema, validate } from './schema.ts';

const order = {
  type: 'object',
  required: ['id', 'header', 'lines'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', pattern: '^[A-Z]{2}-\\d+$' },
    header: {
      type: 'object',
      required: ['currency'],
      properties: { currency: { enum: ['SEK', 'EUR'] }, at: { type: 'string', format: 'date-time' } },
    },
    lines: {
      type: 'array',
      minItems: 1,
      items: { type: 'object', properties: { qty: { type: 'integer', minimum: 1 }, price: { multipleOf: 0.01 } } },
    },
    note: { type: ['string', 'null'], maxLength: 5 },
    to: { anyOf: [{ type: 'null' }, { type: 'object', required: ['city'] }] },
    kind: { oneOf: [{ const: 'a' }, { const: 'b' }] },
  },
};
const valid = { id: 'AB-1', header: { currency: 'SEK' }, lines: [{ qty: 1, price: 19.99 }] };
const changed = (change: object): Json => ({ ...valid, ...change });

describe('checking data against a JSON Schema', () => {
  it('finds nothing wrong with what fits', () => expect(validate(order, valid)).toEqual([]));

  it.each<[object, string, string, string]>([
    [{ header: {} }, 'REQUIRED', '/header/currency', '“currency” is required.'],
    [{ 'a/b~': 1 }, 'ADDITIONAL_PROPERTY', '/a~1b~0', 'A field “a/b~” is not known here.'],
    [{ id: 7 }, 'TYPE', '/id', 'Text is expected.'],
    [{ id: 'x' }, 'PATTERN', '/id', 'Text that matches ^[A-Z]{2}-\\d+$ is expected.'],
    [{ header: { currency: 'USD' } }, 'ENUM', '/header/currency', 'One of "SEK", "EUR" is expected.'],
    [
      { header: { currency: 'SEK', at: 'noon' } },
      'FORMAT',
      '/header/at',
      'Text in the format “date-time” is expected.',
    ],
    [{ lines: [] }, 'MIN_ITEMS', '/lines', 'A list of at least 1 item is expected.'],
    [{ lines: [{ qty: 1 }, { qty: 0 }] }, 'MINIMUM', '/lines/1/qty', 'A number of at least 1 is expected.'],
    [{ lines: [{ qty: 1.5 }] }, 'TYPE', '/lines/0/qty', 'A whole number is expected.'],
    [{ lines: [{ price: 0.001 }] }, 'MULTIPLE_OF', '/lines/0/price', 'A multiple of 0.01 is expected.'],
    [{ note: 1 }, 'TYPE', '/note', 'Text or null is expected.'],
    [{ note: 'too long' }, 'MAX_LENGTH', '/note', 'Text of at most 5 characters is expected.'],
    [{ to: {} }, 'REQUIRED', '/to/city', '“city” is required.'],
    [{ to: 1 }, 'ANY_OF', '/to', 'None of the shapes that are allowed here fits.'],
    [{ kind: 'c' }, 'ONE_OF', '/kind', 'Exactly one of the shapes that are allowed here must fit.'],
  ])('%j: %s at %s', (change, code, pointer, message) => {
    expect(validate(order, changed(change))).toEqual([{ code, pointer, message }]);
  });

  it('names every problem at once, and never the value', () => {
    const problems = validate(order, { id: 'canary', header: { currency: 'canary' } });
    expect(problems.map(({ pointer }) => pointer).sort()).toEqual(['/header/currency', '/id', '/lines']);
    expect(JSON.stringify(problems)).not.toContain('canary');
  });

  it('checks prices of two decimals as people mean it', () => {
    for (const price of [0.07, 1.1, 19.99, 1234567.89]) expect(validate({ multipleOf: 0.01 }, price)).toEqual([]);
  });

  it('checks exact numbers by their size', () => {
    const data = readJson('{"n":9007199254740993}');
    expect(validate({ properties: { n: { type: 'integer', maximum: 1e16 } } }, data)).toEqual([]);
    expect(validate({ properties: { n: { maximum: 10 } } }, data)).toMatchObject([{ code: 'MAXIMUM', pointer: '/n' }]);
  });

  it('knows the dialects by $schema', () => {
    const tuple = { type: 'array', items: [{ type: 'string' }], additionalItems: false };
    expect(validate({ $schema: 'http://json-schema.org/draft-07/schema#', ...tuple }, ['a', 'b'])).toMatchObject([
      { code: 'MAX_ITEMS' },
    ]);
    const modern = { $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{ type: 'string' }] };
    expect(validate(modern, [1])).toMatchObject([{ code: 'TYPE', pointer: '/0' }]);
  });

  it('is refused for a schema that is none', () => {
    expect(() => validate({ type: 'text' }, 1)).toThrow(expect.objectContaining({ code: 'SCHEMA_INVALID' }));
  });
});

describe('checking a schema', () => {
  it.each<[Json, string, string]>([
    [{ properties: { a: { type: 'text' } } }, 'ENUM', '/properties/a/type'],
    [{ minimum: '1' }, 'TYPE', '/minimum'],
    [{ $ref: '#/$defs/nowhere' }, 'SCHEMA_REFERENCE', ''],
    [{ $ref: 'https://example.org/schema.json' }, 'SCHEMA_REFERENCE', ''],
    [{ pattern: '(' }, 'PATTERN', ''],
    [{ $schema: 'http://json-schema.org/draft-04/schema#' }, 'SCHEMA_DIALECT', '/$schema'],
    ['x', 'TYPE', ''],
  ])('%j', (schema, code, pointer) => {
    expect(checkSchema(schema)).toContainEqual(expect.objectContaining({ code, pointer }));
  });

  it('finds nothing wrong with a good one', () => {
    expect(checkSchema(order)).toEqual([]);
    expect(checkSchema(true)).toEqual([]);
    expect(checkSchema({ 'x-own': 1, format: 'own-format' })).toEqual([]);
  });
});

describe('data with names that JavaScript’s objects have', () => {
  const names = ['toString', 'valueOf', 'constructor', 'hasOwnProperty', 'toJSON', '__proto__'];
  const named = (name: string, value: Json): Json => JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`);

  it.each(names)('is told apart by it: %s', (name) => {
    const [one, other] = [named(name, 'a'), named(name, { b: 1 })];
    expect(validate({ uniqueItems: true }, [one, other])).toEqual([]);
    expect(validate({ uniqueItems: true }, [one, other, one])).toMatchObject([{ code: 'UNIQUE_ITEMS', pointer: '' }]);
    expect(validate({ items: { const: one } }, [one, other])).toMatchObject([{ code: 'CONST', pointer: '/1' }]);
    expect(validate({ enum: [other] }, other)).toEqual([]);
  });

  it.each(names)('has no field that is not there: %s', (name) => {
    expect(validate({ required: [name] }, {})).toMatchObject([{ code: 'REQUIRED', pointer: `/${name}` }]);
    expect(validate({ required: [name] }, named(name, 1))).toEqual([]);
    expect(validate({ properties: named(name, { type: 'string' }) }, {})).toEqual([]);
  });
});

describe('equal values', () => {
  it.each<[Json, Json]>([
    [
      { a: 1, b: [{ c: 2, d: 3 }] },
      { b: [{ d: 3, c: 2 }], a: 1 },
    ],
    [0, readJson('-0')],
    [readJson('1.0'), 1],
  ])('are so in any order of fields, and numbers by value: %j', (one, other) => {
    expect(validate({ uniqueItems: true }, [one, other])).toMatchObject([{ code: 'UNIQUE_ITEMS' }]);
    expect(validate({ const: one }, other)).toEqual([]);
  });

  it.each<[Json, Json]>([
    ['1', 1],
    [
      [1, 2],
      [2, 1],
    ],
    [{}, []],
    [null, false],
  ])('are of one kind: %j and %j differ', (one, other) => {
    expect(validate({ uniqueItems: true }, [one, other])).toEqual([]);
    expect(validate({ enum: [one] }, other)).toMatchObject([{ code: 'ENUM' }]);
  });
});
