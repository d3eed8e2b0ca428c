import { ExactNumber, type Json, type JsonObject, MillraceError } from '@millrace/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { validate } from '../schema.ts';
import { quickCheck } from './quick-check.ts';

const names = fc.constantFrom('a', 'b', 'c', 'sku', '__proto__', 'toString', '');
const patterns = fc.constantFrom(
  '^\\d{4}-\\d{2}-\\d{2}$',
  '^[A-Z]{2}$',
  '[^@]+@[^@]+',
  '^(a|b)+$',
  'a?',
  '^\\w*$',
  '\\D',
  '^.$',
  '\\s',
  '(?=a)',
  '(a)\\1',
  '^[a\\-b]+$',
  '^$',
  '\\u0061',
  '[^]',
  'é',
  '^[é😀]+$',
  '\\/',
  '^a{2,3}?$',
);
const texts = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'ab',
    'abba',
    '2026-11-29',
    '2026-02-30',
    '2026-11-29T10:00:00Z',
    '2026-11-29 10:00:60+01:00',
    '8a6f1e1c-52c7-4b8e-9d1a-0e4b6c9a1f01',
    'anna.berg@restaurant.example',
    'NL',
    'x@y',
    ' ',
    '\n',
    '\u2028',
    'é',
    '😀',
    '😀😀',
    'a-b',
    '\u00a0',
    'aaa',
    '/',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const values: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.integer({ min: -3, max: 12 }),
      fc.constantFrom(0.5, -0, 1e300, 0.07, 19.995, 1234567.89),
      texts,
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4 }),
  ),
})).value;

const schemas: fc.Arbitrary<Json> = fc.letrec<{ schema: Json }>((tie) => {
  const counts = fc.integer({ min: 0, max: 4 });
  const bounds = fc.constantFrom(-1, 0, 0.5, 3, 10);
  const type = fc.constantFrom('null', 'boolean', 'number', 'integer', 'string', 'array', 'object');
  const keywords: Record<string, fc.Arbitrary<unknown>> = {
    type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
    enum: fc.uniqueArray(fc.oneof(texts, fc.integer({ min: 0, max: 3 }), fc.constant(null)), {
      minLength: 1,
      maxLength: 4,
    }),
    const: values,
    minimum: bounds,
    maximum: bounds,
    exclusiveMinimum: bounds,
    exclusiveMaximum: bounds,
    minLength: counts,
    maxLength: counts,
    pattern: patterns,
    items: tie('schema'),
    minItems: counts,
    maxItems: counts,
    required: fc.uniqueArray(names, { maxLength: 3 }),
    properties: fc.dictionary(names, tie('schema'), { maxKeys: 4 }),
    additionalProperties: tie('schema'),
    minProperties: counts,
    maxProperties: counts,
    anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
    allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
    $ref: fc.constantFrom('#/$defs/one', '#/$defs/two', '#/definitions/three'),
    uniqueItems: fc.boolean(),
    multipleOf: fc.constantFrom(1, 0.01, 0.5),
    format: fc.constantFrom('date', 'date-time', 'uuid', 'email', 'time'),
    title: texts,
    examples: fc.array(values, { maxLength: 2 }),
    readOnly: fc.boolean(),
    'x-mine': values,
  };
  for (const [keyword, sound] of Object.entries(keywords))
    keywords[keyword] = fc.oneof({ arbitrary: sound, weight: 30 }, { arbitrary: values, weight: 1 });
  return {
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.boolean(),
      fc
        .record(keywords, { requiredKeys: [] })
        .chain((all) =>
          fc
            .subarray(Object.keys(all), { maxLength: 4 })
            .map((chosen) => Object.fromEntries(chosen.map((name) => [name, all[name as keyof typeof all]])) as Json),
        ),
    ),
  };
}).schema;

const whole = fc.record({ schema: schemas, one: schemas, two: schemas, three: schemas }).map(
  ({ schema, one, two, three }): JsonObject => ({
    ...(typeof schema === 'object' ? (schema as JsonObject) : {}),
    $defs: { one, two },
    definitions: { three },
  }),
);

test('R-D3 what is checked here is checked as ajv does', () => {
  let told = 0;
  fc.assert(
    fc.property(whole, fc.array(values, { minLength: 5, maxLength: 20 }), (schema, all) => {
      const check = quickCheck(schema);
      for (const data of all) {
        const fits = check?.(data);
        if (fits === undefined) continue;
        told++;
        expect({ schema, data, fits }).toEqual({ schema, data, fits: ajvTakes(schema, data) });
      }
    }),
    { numRuns: 1_000 },
  );
  expect(told).toBeGreaterThan(1_000);
});

/** Nothing where it is no schema. */
function ajvTakes(schema: Json, data: Json): boolean | undefined {
  try {
    return validate(schema, data).length === 0;
  } catch (thrown) {
    if (thrown instanceof MillraceError) return undefined;
    throw thrown;
  }
}

test.each([
  ['a type that is none', { type: 'objekt' }],
  ['a definition that is none, read or not', { $defs: { one: { type: 'objekt' } } }],
  ['a name required twice', { required: ['a', 'a'] }],
  ['a count below nothing', { maxItems: -1 }],
  ['a pattern that is none', { pattern: 'a**' }],
  ['a pattern that looks around', { pattern: '(?=a)' }],
  ['a pattern that refers back', { pattern: '(a)\\1' }],
  ['a format that few ask for', { properties: { at: { format: 'time' } } }],
  ['a multiple of nothing', { multipleOf: 0 }],
  [
    'a definition that refers to itself',
    { $ref: '#/$defs/tree', $defs: { tree: { items: { $ref: '#/$defs/tree' } } } },
  ],
  ['a reference to elsewhere', { $ref: 'https://example.com/schema' }],
])('%s is left to ajv', (_name, schema) => {
  expect(quickCheck(schema)).toBeUndefined();
});

test('Attack 12: a pattern that JavaScript would never end on takes linear time', () => {
  const check = quickCheck({ type: 'string', pattern: '^(a+)+$' });
  expect(check?.(`${'a'.repeat(2_000)}!`)).toBe(false);
});

test('What takes too long here is left to ajv', () => {
  const long = Array.from({ length: 500_000 }, () => 'x');
  expect(quickCheck({ items: { type: 'string' } })?.(long)).toBeUndefined();
  expect(quickCheck({ pattern: '^[a-z]+$' })?.('x'.repeat(2_000_000))).toBeUndefined();
});

test('An address that is too long for a quick look, and equal objects, are left to ajv', () => {
  expect(quickCheck({ format: 'email' })?.(`${'a'.repeat(1_000)}@restaurant.example`)).toBeUndefined();
  expect(quickCheck({ uniqueItems: true })?.([{}, {}])).toBeUndefined();
});

test('R-D3 a number that no double holds is left to ajv', () => {
  const check = quickCheck({ properties: { total: { type: 'number', minimum: 0 } } });
  expect(check?.({ total: new ExactNumber('0.1000000000000000000001') })).toBeUndefined();
  expect(check?.({ total: 1 })).toBe(true);
});
