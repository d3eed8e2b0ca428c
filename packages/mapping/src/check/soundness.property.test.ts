import { isObject, type Json, type JsonObject, MillraceError } from '@millrace/contract';
import { analyse, type Shape, shapeOfSchema, shapeOfValue } from '@millrace/jsonata/language';
import fc from 'fast-check';
import { Check } from 'typebox/schema';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { evaluate } from '../evaluate.ts';
import { hostKnowledge } from '../functions/knowledge.ts';
import { keepLists } from '../keep-lists.ts';
import { examineMapping } from './examine.ts';

/** Schemas, and for each data that fits it. */
const names = ['a', 'b', 'c'];
const { schema: schemas } = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<JsonObject>(
      { type: 'string' },
      { type: 'integer' },
      { type: ['string', 'null'] },
      { enum: ['a', 1] },
    ),
    fc
      .record({
        fields: fc.dictionary(fc.constantFrom(...names), tie('schema')),
        all: fc.boolean(),
        closed: fc.boolean(),
      })
      .map(({ fields, all, closed }) => ({
        type: 'object',
        properties: fields,
        required: Object.keys(fields).filter((_, index) => all || index % 2 === 0),
        ...(closed && { additionalProperties: false }),
      })),
    fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: fc.constantFrom(0, 1) }),
    fc.tuple(tie('schema'), tie('schema')).map((anyOf) => ({ anyOf })),
  ),
}));

function dataOf(schema: JsonObject): fc.Arbitrary<Json> {
  const { anyOf, type, items, minItems, properties, required } = schema as Record<string, Json>;
  if (Array.isArray(anyOf)) return fc.oneof(...anyOf.map((each) => dataOf(each as JsonObject)));
  if (type === 'string') return fc.constantFrom('', 'x', 'y');
  if (type === 'integer') return fc.integer({ min: 0, max: 2 });
  if (type === 'array') return fc.array(dataOf(items as JsonObject), { minLength: minItems as number, maxLength: 3 });
  if (type !== 'object') return Array.isArray(type) ? fc.constantFrom('x', null) : fc.constantFrom<Json>('a', 1);
  const fields = Object.entries(properties as JsonObject).map(([name, each]) => [name, dataOf(each as JsonObject)]);
  return fc.record<Record<string, Json>>(Object.fromEntries(fields), { requiredKeys: required as string[] });
}

const { text: texts } = fc.letrec<{ text: string }>((tie) => {
  const text = tie('text');
  const shaped = (shape: (...parts: string[]) => string, count: number) =>
    fc.tuple(...Array.from({ length: count }, () => text)).map((parts) => shape(...parts));
  return {
    text: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('a', 'b', 'c', '$', '$$', '$$.a', '"x"', '1', 'null', 'true', '()', '*', '**.a', '[1..2]'),
      shaped((x, y) => `${x}.${y}`, 2),
      shaped((x, y) => `${x}.(${y})`, 2),
      shaped((x, y) => `${x}.{ "a": ${y}, "b": 1 }`, 2),
      shaped((x, y) => `${x}.[${y}]`, 2),
      shaped((x, y) => `${x}[${y} = 1]`, 2),
      shaped((x) => `${x}[0]`, 1),
      shaped((x) => `${x}[]`, 1),
      shaped((x, y) => `(${x})^(${y})`, 2),
      shaped((x, y) => `(${x}){ "a": ${y} }`, 2),
      shaped((x, y) => `{ "a": ${x}, "b": ${y} }`, 2),
      shaped((x, y) => `[${x}, ${y}]`, 2),
      shaped((x, y, z) => `(${x} ? ${y} : ${z})`, 3),
      shaped((x, y) => `(${x} ? ${y})`, 2),
      shaped((x, y) => `(${x} ?: ${y})`, 2),
      shaped((x, y) => `((${x}) ?? ${y})`, 2),
      shaped((x, y) => `(${x} & ${y})`, 2),
      shaped((x, y) => `($exists(${x}) ? ${x} : ${y})`, 2),
      shaped((x, y) => `($v := ${x}; $v.${y})`, 2),
      shaped((x, y) => `[$v := ${x}, $v.${y}]`, 2),
      shaped((x, y) => `($v := ${x}; ${y} = ($v := 1) ? $v : $v)`, 2),
      shaped((x, y) => `($v := ${x}; ($v := ${y} ? $v := 1; $v))`, 2),
      shaped((x) => `($count := function($x) { "s" }; $count(${x}))`, 1),
      shaped((x) => `[$count := function($x) { "s" }, $count(${x})][1]`, 1),
      shaped((x, y) => `(${x} = ${y})`, 2),
      shaped((x) => `$count(${x})`, 1),
      shaped((x) => `$string(${x})`, 1),
      shaped((x) => `$sum(${x})`, 1),
      shaped((x) => `$required(${x}, "/x")`, 1),
      shaped((x) => `(${x} ~> $count())`, 1),
      shaped((x, y) => `$list(${x}, function($item, $index) { $item.${y} })`, 2),
      shaped((x, y) => `$list(${x}, function($item) { { "a": $item, "b": ${y} } })`, 2),
      shaped((x) => `$list(${x})`, 1),
      shaped((x, y) => `$map(${x}, function($v) { $v.${y} })`, 2),
      shaped((x, y) => `(${x})@$v.${y}`, 2),
      shaped((x, y) => `(${x})#$i.${y}`, 2),
    ),
  };
});

const given = schemas.chain((schema) => fc.tuple(fc.constant(schema), dataOf(schema)));

/** The value, where there is one; nothing where the evaluation fails. */
async function resultOf(text: string, input: Json): Promise<{ readonly value: Json | undefined } | undefined> {
  try {
    return { value: evaluate({ text, input, bindings: {}, now: '2026-11-21T10:00:00Z', seed: '' }) };
  } catch (thrown) {
    if (thrown instanceof MillraceError) return undefined;
    throw thrown;
  }
}

/** Whether a value can be of the shape. */
function admits(shape: Shape, value: Json | undefined): boolean {
  if (value === undefined) return shape.presence !== 'always';
  const { kinds } = shapeOfValue(value);
  if (shape.presence === 'never' || ![...kinds].every((kind) => shape.kinds.has(kind))) return false;
  if (Array.isArray(value))
    return (value.length > 0 || !shape.filled) && value.every((item) => admits(present(shape.items()), item));
  if (!isObject(value)) return true;
  return [...new Set([...shape.required, ...Object.keys(value)])].every((name) =>
    admits(shape.member(name).shape, value[name]),
  );
}

function present(shape: Shape): Shape {
  return shape.presence === 'never' ? shape : { ...shape, presence: 'always' };
}

describe('what is known of data', () => {
  it('holds for all data that fits the schema', () => {
    fc.assert(
      fc.property(given, ([schema, data]) => {
        expect(Check(schema, data)).toBe(true);
        expect(admits(shapeOfSchema(schema), data)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('holds for what an expression makes of it', async () => {
    await fc.assert(
      fc.asyncProperty(given, texts, async ([schema, data], text) => {
        const result = await resultOf(text, data);
        if (!result) return;
        const input = shapeOfSchema(schema);
        const { shape } = analyse(compile(text).expression, { input, functions: hostKnowledge });
        expect(admits(shape, result.value)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('an error of the check', () => {
  it('is a mapping that fails for all data that fits the source', async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(given, texts, schemas, async ([schema, data], expression, target) => {
        const { problems } = examineMapping({ expression, target }, { input: [schema], output: () => undefined });
        fc.pre(problems.some(({ severity }) => severity !== 'warning'));
        refused += 1;
        const value = (await resultOf(expression, data))?.value;
        expect(value !== undefined && Check(target, keepLists(value, target))).toBe(false);
      }),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(100);
  });
});
