import { type Json, type JsonObject, readJson } from '@millrace/contract';
import { describe, expect, it } from 'vitest';
import type { Sources } from '../sources.ts';
import { examineExpression, examineMapping } from './examine.ts';

/** What comes in: a checked order. */
const order: Json = {
  type: 'object',
  required: ['id', 'customer', 'lines'],
  properties: {
    id: { type: 'string' },
    note: { type: ['string', 'null'] },
    paid: { type: 'boolean' },
    customer: { $ref: '#/$defs/customer' },
    shipTo: { $ref: '#/$defs/customer' },
    lines: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['sku', 'qty'],
        properties: { sku: { type: 'string' }, qty: { type: 'integer' }, price: { type: 'number' } },
      },
    },
    tags: { type: 'array', items: { type: 'string' } },
    extra: { type: 'object', additionalProperties: true },
    free: {},
  },
  $defs: {
    customer: {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string' }, vat: { type: 'string' }, parent: { $ref: '#/$defs/customer' } },
    },
  },
};

const object = (properties: JsonObject, more: JsonObject = {}): Json => ({ type: 'object', properties, ...more });

const problemsOf = (...given: Parameters<typeof examineMapping>) => examineMapping(...given).problems;

/** Problems as `CODE pointer`, a warning in brackets. */
function found(mapping: Parameters<typeof examineMapping>[0], sources: Partial<Sources> = {}): string[] {
  const problems = problemsOf(mapping, { input: [order], output: () => undefined, ...sources });
  return problems.map(({ code, pointer, severity }) => (severity ? `(${code} ${pointer})` : `${code} ${pointer}`));
}
const fields = (lines: Json, target: Json, sources?: Partial<Sources>) => found({ fields: lines, target }, sources);
const text = (expression: string, target: Json, sources?: Partial<Sources>) => found({ expression, target }, sources);

describe('a field that the target requires', () => {
  const target = object({ order_id: { type: 'string' }, lines: { type: 'array' } }, { required: ['order_id'] });

  it('must be made by a line, or by the expression', () => {
    expect(fields([{ to: 'number', from: 'id' }], target)).toEqual(['TARGET_REQUIRED /fields']);
    expect(text('{ "number": id }', target)).toEqual(['TARGET_REQUIRED /expression']);
    expect(fields([{ to: 'order_id', from: 'id' }], target)).toEqual([]);
    expect(text('{ "order_id": id }', target)).toEqual([]);
  });

  it('is named with its place in the target', () => {
    const nested = object({ header: target }, { required: ['header'] });
    const [problem] = problemsOf(
      { fields: [{ to: 'header.no', from: 'id' }], target: nested },
      { input: [order], output: () => undefined },
    );
    expect(problem).toEqual({
      code: 'TARGET_REQUIRED',
      pointer: '/fields',
      message: '“header.order_id” is required in the target, and nothing makes it.',
      hint: 'Add a field for it.',
    });
  });

  it('is missed in every line of a list too', () => {
    const lines = object({ lines: { type: 'array', items: { type: 'object', required: ['sku'] } } });
    const line = (each: string) => [{ to: 'lines', each, fields: [{ to: 'qty', from: 'qty' }] }];
    expect(fields(line('lines'), lines)).toEqual(['TARGET_REQUIRED /fields/0/fields']);
    // Where the list may be empty, not every run fails.
    expect(fields(line('lines[qty > 1]'), lines)).toEqual(['(TARGET_REQUIRED /fields/0/fields)']);
  });

  it('may be made of what the source need not have, which is worth a warning unless the mapping deals with it', () => {
    expect(fields([{ to: 'order_id', from: 'customer.vat' }], target)).toEqual(['(TARGET_REQUIRED /fields/0/from)']);
    expect(fields([{ to: 'order_id', from: 'shipTo.name' }], target)).toEqual(['(TARGET_REQUIRED /fields/0/from)']);
    for (const line of [
      { to: 'order_id', from: 'customer.vat', default: '-' },
      { to: 'order_id', from: 'customer.vat', required: true },
      { to: 'order_id', from: 'customer.vat ?? id' },
      { to: 'order_id', from: 'customer.vat ?: id' },
      { to: 'order_id', from: 'customer.vat ? customer.vat : id' },
      { to: 'order_id', from: 'shipTo ? shipTo.name : "-"' },
      { to: 'order_id', from: '$substring(id, 3)' },
      { to: 'order_id', from: '$unknown(id)' },
      { to: 'order_id', from: 'free.deep' },
    ]) {
      expect(fields([line], target)).toEqual([]);
    }
  });

  it('is asked for in every part of a composed target, and where all alternatives ask for it', () => {
    const a = { required: ['a'] };
    expect(text('{ "x": 1 }', { allOf: [a, { $ref: '#/$defs/b' }], $defs: { b: { required: ['b'] } } })).toEqual([
      'TARGET_REQUIRED /expression',
      'TARGET_REQUIRED /expression',
    ]);
    expect(text('{ "x": 1 }', { oneOf: [a, { required: ['b', 'a'] }] })).toEqual(['TARGET_REQUIRED /expression']);
    expect(text('{ "x": 1 }', { anyOf: [a, { required: ['b'] }] })).toEqual([]);
    expect(text('{ "x": 1 }', { anyOf: [a, true] })).toEqual([]);
    expect(text('{ "x": 1 }', readJson('{ "if": { "required": ["x"] }, "then": { "required": ["a"] } }'))).toEqual([]);
  });

  it('is not missed where an expression may make any field', () => {
    for (const expression of ['$merge([$, { "a": 1 }])', '{ id: 1 }', '$', 'extra', 'free', '$map(lines, $f)', '$$'])
      expect(text(expression, { type: ['object', 'array', 'number', 'null'], required: ['z'] })).toEqual([]);
  });
});

describe('a kind of value that cannot fit', () => {
  const only = (type: Json) => object({ x: typeof type === 'string' ? { type } : type });
  const line = (from: string) => [{ to: 'x', from }];

  it.each<[string, string]>([
    ['id', 'integer'],
    ['"A-1"', 'number'],
    ['id & "/1"', 'object'],
    ['lines[0].qty + 1', 'string'],
    ['customer', 'string'],
    ['paid = true', 'string'],
    ['[id]', 'string'],
    ['tags[]', 'string'],
    ['{ "a": 1 }', 'string'],
    ['null', 'string'],
    ['$uppercase(id)', 'integer'],
    ['$sum(lines.price)', 'string'],
    ['customer.parent.parent.name', 'boolean'],
    ['lines.sku', 'integer'],
    ['($a := id; $a)', 'integer'],
    ['id ~> $length()', 'string'],
    ['$sum := function($x) { "a" }', 'string'],
  ])('%s is no %s', (from, type) => {
    const problems = problemsOf(
      { fields: line(from), target: only(type) },
      { input: [order], output: () => undefined },
    );
    expect(problems).toMatchObject([{ code: 'TARGET_TYPE', pointer: '/fields/0/from' }]);
  });

  it.each<[string, Json]>([
    ['id', 'string'],
    ['lines[0].qty', 'number'],
    ['lines[0].price', 'integer'],
    ['lines.sku', 'string'],
    ['lines.sku', 'array'],
    ['note', 'string'],
    ['note', 'null'],
    ['id', { type: 'array', items: { type: 'string' } }],
    ['tags', { type: ['array', 'null'], items: { type: 'string' } }],
    ['paid ? id : 1', 'integer'],
    ['free', 'integer'],
    ['extra.anything', 'integer'],
    ['$lookup("units", id)', 'integer'],
    ['$number(id)', 'integer'],
    ['($sum := function($x) { "a" }; $sum(tags))', 'string'],
    ['lines.(sku)[0]', 'string'],
    ['id', { anyOf: [{ type: 'integer' }, { type: 'string' }] }],
    ['note', { type: 'integer', nullable: true }],
    ['id', { $ref: 'https://example.org/elsewhere' }],
    ['id', { $ref: '#/nowhere' }],
    ['id', { enum: ['A', 1] }],
    ['id', { not: { type: 'string' } }],
    ['lines^(sku).sku', 'string'],
    ['**.sku', 'integer'],
    ['lines@$l.$l.sku', 'string'],
  ])('%s may be %j', (from, type) => expect(fields(line(from), only(type))).toEqual([]));

  it('is told in words, an error where every run fails and a warning where there need be no value', () => {
    const check = (from: string) =>
      problemsOf({ fields: line(from), target: only('integer') }, { input: [order], output: () => undefined });
    expect(check('id')).toEqual([
      {
        code: 'TARGET_TYPE',
        pointer: '/fields/0/from',
        message: '“x” of the target takes a number, and its source gives text.',
      },
    ]);
    expect(check('customer.vat')).toMatchObject([{ severity: 'warning' }]);
    expect(check('tags')).toMatchObject([{ severity: 'warning' }]);
  });

  it('is found in items, where a list is certain to have some', () => {
    const numbers = only({ type: 'array', items: { type: 'number' } });
    expect(fields(line('[id]'), numbers)).toEqual(['TARGET_TYPE /fields/0/from']);
    expect(fields(line('id'), numbers)).toEqual(['TARGET_TYPE /fields/0/from']);
    expect(fields(line('tags'), numbers)).toEqual(['(TARGET_TYPE /fields/0/from)']);
    expect(fields([{ to: 'x', default: ['a'] }], numbers)).toEqual(['TARGET_TYPE /fields/0/default']);
  });

  it('is found in an object that is passed on as it is', () => {
    const target = only({ type: 'object', properties: { name: { type: 'integer' } }, required: ['vat'] });
    expect(fields(line('customer'), target)).toEqual([
      '(TARGET_REQUIRED /fields/0/from)',
      'TARGET_TYPE /fields/0/from',
    ]);
  });

  it('is found in the whole result', () => {
    expect(text('id', { type: 'object' })).toEqual(['TARGET_TYPE /expression']);
    expect(text('{ "a": 1 }', { type: 'array' })).toEqual([]);
  });

  it('ends with schemas that contain themselves', () => {
    const endless: Json = { $ref: '#', properties: { parent: { $ref: '#' }, x: { type: 'string' } } };
    const loop: Json = { anyOf: [{ $ref: '#' }, { $ref: '#/$defs/a' }], $defs: { a: { allOf: [{ $ref: '#' }] } } };
    expect(text('customer', endless)).toEqual([]);
    expect(text('$', endless, { input: [endless] })).toEqual([]);
    expect(text('$', loop, { input: [loop] })).toEqual([]);
  });

  it('is not looked for without end where a schema doubles at every field', () => {
    const twice = (inner: Json): Json => ({ anyOf: [inner, structuredClone(inner)] });
    let schema: Json = { type: 'string' };
    for (let depth = 0; depth < 10; depth++)
      schema = { type: 'object', properties: { x: twice(schema) }, required: ['x'] };
    expect(text(`${'x.'.repeat(9)}x`, { type: 'number' }, { input: [schema] })).toEqual([]);
  });
});

describe('a field that the target does not have', () => {
  const target = object({ id: { type: 'string' } }, { additionalProperties: false });

  it('is refused where the target allows no other', () => {
    expect(fields([{ to: 'nr', from: 'id' }], target)).toEqual(['TARGET_UNKNOWN /fields/0/from']);
    expect(fields([{ to: 'nr', from: 'note' }], target)).toEqual(['(TARGET_UNKNOWN /fields/0/from)']);
    expect(text('{ "id": id, "nr": 1 }', target)).toEqual(['TARGET_UNKNOWN /expression']);
  });

  it('is welcome where it may', () => {
    const patterned = { ...(target as JsonObject), patternProperties: { '^n': {} } };
    for (const open of [
      object({ id: {} }),
      object({ id: {} }, { additionalProperties: { type: 'string' } }),
      patterned,
    ])
      expect(fields([{ to: 'nr', from: 'id' }], open)).toEqual([]);
  });
});

describe('a path to what the source does not declare', () => {
  const path = (from: string, sources?: Partial<Sources>) => found({ fields: [{ to: 'x', from }] }, sources);

  it.each([
    'identifier',
    'customer.nmae',
    '$.customer.nmae',
    '$$.nr',
    'lines.sku.x',
    'lines[skuu = 1].sku',
    'lines^(skuu).sku',
    'lines.{ "a": skuu }',
    '$sum(lines.prize)',
    'identifier ?? id',
    'lines{ skuu: qty }',
    '$map(lines, function($l) { identifier })',
    '$list(lines, function($l) { $l.skuu })',
    'shipTo.parent.parent.nmae',
    'id.length',
    '$map(lines, function($l) { $l.skuu })',
    '($f := function($l) { $l }; $f(customer).nmae)',
    '$merge(lines).skuu',
    'lines@$l.lines.%.skuu',
    '$ ~> |lines|{ "sku": skuu }|',
  ])('%s is worth a warning', (from) => expect(path(from)).toEqual(['(SOURCE_UNKNOWN /fields/0/from)']));

  it.each([
    'id',
    'extra.anything',
    'free.anything',
    '$steps.any.thing',
    '$trigger.any',
    '$params.any',
    '**.anything',
    '*.anything',
    '($x := free; $x.skuu)',
    'function($x) { $x.y }',
  ])('%s is not', (from) => expect(path(from)).toEqual([]));

  it('is named, with what there is instead', () => {
    expect(problemsOf({ expression: 'customer.nmae' }, { input: [order], output: () => undefined })).toEqual([
      {
        code: 'SOURCE_UNKNOWN',
        pointer: '/expression',
        message: '“customer.nmae” leads nowhere: there is no such field.',
        hint: 'There are “name”, “vat”, “parent”.',
        severity: 'warning',
        range: { from: 9, to: 13 },
      },
    ]);
  });

  it('is looked for in items, in the paths of other notations, and in $item', () => {
    const lines = (from: Json) => [{ to: 'l', each: 'lines', fields: [{ to: 'x', from }] }];
    expect(found({ fields: lines('skuu') })).toEqual(['(SOURCE_UNKNOWN /fields/0/fields/0/from)']);
    expect(found({ fields: lines('$item.skuu') })).toEqual(['(SOURCE_UNKNOWN /fields/0/fields/0/from)']);
    expect(found({ fields: lines('$$.id & $index') })).toEqual([]);
    expect(found({ fields: lines({ jsonpath: '$.customer.nmae' }) })).toEqual([
      '(SOURCE_UNKNOWN /fields/0/fields/0/from)',
    ]);
  });

  it('is looked for in steps, the trigger and parameters that are known', () => {
    const known: Partial<Sources> = {
      output: (node) => (node === 'check' ? [order] : undefined),
      trigger: [order],
      params: object({ ack: { type: 'string' } }),
    };
    for (const from of ['$steps.check.nr', '$trigger.body.nr', '$params.akc'])
      expect(path(from, known)).toEqual(['(SOURCE_UNKNOWN /fields/0/from)']);
    for (const from of ['$steps.check.id', '$trigger.body.id', '$trigger.params.id', '$params.ack', '$steps.other.x'])
      expect(path(from, known)).toEqual([]);
  });

  it('is fine where one of several sources has it', () => {
    const others: Json[] = [order, object({ nr: { type: 'string' } })];
    expect(path('nr', { input: others })).toEqual([]);
    expect(path('nmr', { input: others })).toEqual(['(SOURCE_UNKNOWN /fields/0/from)']);
    expect(path('nr', { input: [{ oneOf: others }] })).toEqual([]);
    expect(path('nr', { input: [{ allOf: others }] })).toEqual([]);
    expect(path('nmr', { input: [{ allOf: others }] })).toEqual(['(SOURCE_UNKNOWN /fields/0/from)']);
  });

  it('is nobody’s business where nothing is known of the source', () => {
    expect(path('a.b.c', { input: undefined })).toEqual([]);
    expect(path('a.b.c', { input: [{}] })).toEqual([]);
    expect(path('a.b.c', { input: [{ type: 'object' }] })).toEqual([]);
  });
});

describe('an operation that cannot be', () => {
  it('is an error where every run comes there, and a warning where not', () => {
    expect(found({ expression: 'id + 1' })).toEqual(['OPERATION_IMPOSSIBLE /expression']);
    expect(found({ expression: 'tags ? id + 1 : 0' })).toEqual(['(OPERATION_IMPOSSIBLE /expression)']);
    const line = (each: string) => [{ to: 'l', each, fields: [{ to: 'x', from: 'sku + 1' }] }];
    expect(found({ fields: line('lines') })).toEqual(['OPERATION_IMPOSSIBLE /fields/0/fields/0/from']);
    expect(found({ fields: line('lines[qty > 1]') })).toEqual(['(OPERATION_IMPOSSIBLE /fields/0/fields/0/from)']);
    expect(found({ expression: 'id = 1' })).toEqual(['(NEVER_EQUAL /expression)']);
    expect(found({ expression: '$eval(id)' })).toEqual(['EXPRESSION_EVAL_OFF /expression']);
  });

  it('is told with its place in the text, but of a path in another notation', () => {
    expect(problemsOf({ fields: [{ to: 'x', from: '1 + id' }] }, { input: [order], output: () => undefined })).toEqual([
      {
        code: 'OPERATION_IMPOSSIBLE',
        pointer: '/fields/0/from',
        message: 'The right side of “+” must be a number.',
        hint: 'It is text.',
        range: { from: 4, to: 6 },
      },
    ]);
    const path = { jsonpath: '$.customer.nmae' };
    const [lost] = problemsOf({ fields: [{ to: 'x', from: path }] }, { input: [order], output: () => undefined });
    expect(lost).toMatchObject({ code: 'SOURCE_UNKNOWN' });
    expect(lost).not.toHaveProperty('range');
  });

  it('is found in expressions that stand for themselves', () => {
    const sources = { input: [order], output: () => undefined };
    expect(examineExpression('customer > 1', sources).problems).toMatchObject([
      { code: 'OPERATION_IMPOSSIBLE', pointer: '' },
    ]);
    expect(examineExpression('free.a = extra.b', sources).open).toEqual([
      { name: 'a', pointer: '', range: { from: 5, to: 6 } },
    ]);
  });
});

describe('a mapping that is none', () => {
  it('is told what is wrong with its lines, apart from texts that others read', () => {
    expect(found({ fields: [{ to: 'a', from: 'x +' }, { to: 'b' }, { to: 'b', from: { xpath: '/a/..' } }] })).toEqual([
      'SOURCE_MISSING /fields/1',
      'TARGET_CONFLICT /fields/2/to',
      'PATH_UNSUPPORTED /fields/2/from/xpath',
    ]);
  });

  it('is not looked through where it is nested without measure', () => {
    const nested = `${'(id = "1") ? ('.repeat(700)}1${') : 2'.repeat(700)}`;
    expect(found({ expression: nested })).toEqual([]);
    let deep: Json = 1;
    for (let level = 0; level < 20_000; level++) deep = [deep];
    expect(found({ expression: 'id', target: { default: deep } })).toEqual([]);
    expect(found({ fields: [{ to: 'x', default: deep }], target: {} })).toEqual([]);
  });

  it('is left to others where it has not even the form of one', () => {
    for (const mapping of [{}, { fields: 'x' }, { fields: [{}] }, { expression: 7 }, { expression: 'a +' }])
      expect(found({ ...mapping, target: { required: ['a'] } })).toEqual([]);
  });
});
