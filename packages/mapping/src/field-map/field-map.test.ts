import { type Json, MillraceError, readJson, writeJson } from '@millrace/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyse } from '../analyse.ts';
import { evaluate } from '../evaluate.ts';
import type { Field, FieldMap } from './field-map.ts';
import { fieldsToText } from './fields-to-text.ts';
import { namesOf, targetOf } from './target.ts';
import { textToFields } from './text-to-fields.ts';

const map = async (fields: FieldMap, input: Json) =>
  evaluate({ text: fieldsToText(fields), input, bindings: {}, now: '2026-11-21T10:00:00Z', seed: '' });

const order: FieldMap = [
  { to: 'header.order_date', from: '$date(orderDate)', required: true },
  { to: 'header.currency', from: 'currency', default: 'SEK' },
  { to: 'header.type', default: 'ORDER' },
  {
    to: 'lines',
    each: 'items',
    fields: [
      { to: 'line_no', from: '$index + 1' },
      { to: 'sku', from: 'sku', required: true },
      { to: 'tags', each: 'tags', fields: [{ to: '', from: '$ & "/" & $index' }] },
    ],
  },
];

describe('a field map', () => {
  it('is one readable JSONata text', () => {
    expect(fieldsToText(order)).toBe(`{
  "header": {
    "order_date": $required($date(orderDate), "/header/order_date"),
    "currency": currency ?? "SEK",
    "type": "ORDER"
  },
  "lines": $list(items, function($item, $index) { $item.{
    "line_no": $index + 1,
    "sku": $required(sku, "/lines/*/sku"),
    "tags": $list(tags, function($item, $index) { $item.($ & "/" & $index) })
  } })
}`);
  });

  it('makes nested objects, defaults and lists', async () => {
    const input = { orderDate: '2026-01-02T10:00:00Z', items: [{ sku: 'a', tags: ['x', 'y'] }, { sku: 'b' }] };
    expect(await map(order, input)).toEqual({
      header: { order_date: '2026-01-02', currency: 'SEK', type: 'ORDER' },
      lines: [
        { line_no: 1, sku: 'a', tags: ['x/0', 'y/1'] },
        { line_no: 2, sku: 'b', tags: [] },
      ],
    });
  });

  it.each<[string, Json, Json]>([
    ['none', [], []],
    ['a missing source', null, []],
    ['one', [{ sku: 'a' }], [{ s: 'a' }]],
    ['a single object', { sku: 'a' }, [{ s: 'a' }]],
    ['several', [{ sku: 'a' }, {}], [{ s: 'a' }, {}]],
  ])('makes a list of %s', async (_, items, lines) => {
    const fields = [{ to: 'lines', each: 'items', fields: [{ to: 's', from: 'sku' }] }];
    expect(await map(fields, items === null ? {} : { items })).toEqual({ lines });
  });

  it('makes lists of lists', async () => {
    const fields = [{ to: 'm', each: 'rows', fields: [{ to: '', each: '$', fields: [{ to: '', from: '$ * 2' }] }] }];
    expect(await map(fields, { rows: [[1, 2], [3], []] })).toEqual({ m: [[2, 4], [6], []] });
    expect(await map(fields, { rows: [[1]] })).toEqual({ m: [[2]] });
  });

  it('makes a target that is itself a list', async () => {
    const fields = [{ to: '', each: '$', fields: [{ to: 'id', from: 'id' }] }];
    expect(await map(fields, [{ id: 1 }])).toEqual([{ id: 1 }]);
  });

  it('gives the item as $item too, and the outer one by a name of its own', async () => {
    const inner = [{ to: 'both', from: '$order & sku & $item.sku' }];
    const fields = [
      {
        to: '',
        each: 'orders',
        fields: [{ to: 'l', from: '($order := id; $list(items, function($item) { $order & $item.sku }))' }],
      },
    ];
    expect(await map(fields, { orders: [{ id: 'o', items: [{ sku: 's' }] }] })).toEqual([{ l: ['os'] }]);
    expect(await map([{ to: 'x', each: 'items', fields: inner }], { items: [{ sku: 's' }] })).toEqual({
      x: [{ both: 'ss' }],
    });
  });

  it('takes XPath and JSONPath as sources, and keeps them in its text (R-F6)', async () => {
    const fields: FieldMap = [
      { to: 'no', from: { xpath: '/Order/@no' }, required: true },
      { to: 'note', from: { xpath: '/Order/Note' }, default: '-' },
      {
        to: 'lines',
        each: { xpath: '/Order/*/Line' },
        fields: [
          { to: 'sku', from: { xpath: '@sku' } },
          { to: 'order', from: { jsonpath: "$.Order['@no']" } },
        ],
      },
    ];
    const text = fieldsToText(fields);
    expect(text).toContain('"no": $required(("xpath /Order/@no"; $$.Order.`@no`), "/no")');
    expect(textToFields(text)).toEqual(fields);
    expect(textToFields(text.replaceAll('  ', '\t'))).toEqual(fields);
    expect(await map(fields, { Order: { '@no': '1', Lines: { Line: { '@sku': 'A' } } } })).toEqual({
      no: '1',
      note: '-',
      lines: [{ sku: 'A', order: '1' }],
    });
  });

  it('takes names that need quotes', async () => {
    const names = ['a.b', 'with "quotes"', ' blank', '', 'åäö', 'a/b~c', '\u{1f600}'];
    const fields = names.map((name) => ({ to: targetOf(['x', name]), from: 'v' }));
    expect(await map(fields, { v: 1 })).toEqual({ x: Object.fromEntries(names.map((name) => [name, 1])) });
  });

  it.each<[FieldMap, Json, string]>([
    [order, { items: [] }, '/header/order_date'],
    [order, { orderDate: '2026-01-02', items: [{ sku: 'a' }, {}] }, '/lines/1/sku'],
    [[{ to: 'a/b', from: 'x', required: true }], {}, '/a~1b'],
    [[{ to: 'l', each: 'x', fields: [], required: true }], {}, '/l'],
    [
      [{ to: 'o', each: 'o', fields: [{ to: 'l', each: 'l', fields: [{ to: 'x', from: 'x', required: true }] }] }],
      { o: [{ l: [] }, { l: [{ x: 1 }, { x: 1 }, {}] }] },
      '/o/1/l/2/x',
    ],
  ])('names the target that is required and has no value', async (fields, input, pointer) => {
    await expect(map(fields, input)).rejects.toMatchObject({ code: 'FIELD_REQUIRED', options: { pointer } });
  });

  it.each<[string, FieldMap, string, string]>([
    [
      'a target twice',
      [
        { to: 'a', from: 'x' },
        { to: 'a', from: 'y' },
      ],
      'TARGET_CONFLICT',
      '/1/to',
    ],
    [
      'a target in a value',
      [
        { to: 'a', from: 'x' },
        { to: 'a.b', from: 'y' },
      ],
      'TARGET_CONFLICT',
      '/1/to',
    ],
    [
      'a value over targets',
      [
        { to: 'a.b', from: 'x' },
        { to: 'a', from: 'y' },
      ],
      'TARGET_CONFLICT',
      '/1/to',
    ],
    [
      'the whole beside a part',
      [
        { to: '', from: 'x' },
        { to: 'a', from: 'y' },
      ],
      'TARGET_CONFLICT',
      '/0/to',
    ],
    ['no target', [{ to: 'a..b', from: 'x' }], 'TARGET_INVALID', '/0/to'],
    ['no source', [{ to: 'a' }], 'SOURCE_MISSING', '/0'],
    ['a source that is no expression', [{ to: 'a', from: 'x +' }], 'EXPRESSION_PARSE', '/0/from'],
    ['a source with more than a value', [{ to: 'a', from: '1, "evil": 2' }], 'EXPRESSION_PARSE', '/0/from'],
    ['a path that cannot be used', [{ to: 'a', from: { xpath: '/a/..' } }], 'PATH_UNSUPPORTED', '/0/from/xpath'],
    ['a path that is none', [{ to: 'a', each: { jsonpath: 'a' }, fields: [] }], 'PATH_INVALID', '/0/each/jsonpath'],
    ['a list without fields', [{ to: 'a', each: 'x' }], 'FIELDS_MISSING', '/0'],
    ['fields without a list', [{ to: 'a', from: 'x', fields: [] }], 'FIELDS_WITHOUT_EACH', '/0/fields'],
    ['a list with a default', [{ to: 'a', each: 'x', fields: [], default: [] }], 'DEFAULT_OF_LIST', '/0/default'],
    ['a fault in a list', [{ to: 'a', each: 'x', fields: [{ to: 'b' }] }], 'SOURCE_MISSING', '/0/fields/0'],
  ])('refuses %s', (_, fields, code, pointer) => {
    try {
      expect.fail(fieldsToText(fields));
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(MillraceError);
      expect((thrown as MillraceError).options.problems).toContainEqual(expect.objectContaining({ code, pointer }));
    }
  });
});

describe('a text as a field map', () => {
  it.each<[string, FieldMap]>([
    [
      '{ "a": b, \'c\': { "d": e ?? 1 } }',
      [
        { to: 'a', from: 'b' },
        { to: 'c.d', from: 'e', default: 1 },
      ],
    ],
    [
      '{ "rate": a / b / c, "m": $match(x, /[,"]x/i) }',
      [
        { to: 'rate', from: 'a / b / c' },
        { to: 'm', from: '$match(x, /[,"]x/i)' },
      ],
    ],
    ['{ "a": x ? { "b": 1 } : 2 }', [{ to: 'a', from: 'x ? { "b": 1 } : 2' }]],
    ['{ "a": /* why */ b }', [{ to: 'a', from: '/* why */ b' }]],
    ['{ "a": {} }', [{ to: 'a', from: '{}' }]],
    ['{}', []],
    ['items.sku', [{ to: '', from: 'items.sku' }]],
    ['items{ sku: 1 }', [{ to: '', from: 'items{ sku: 1 }' }]],
    ['{ key: 1 }', [{ to: '', from: '{ key: 1 }' }]],
  ])('%s', (text, fields) => expect(textToFields(text)).toEqual(fields));

  it.each(['{ "a": ', '{ "a": 1, "a": 2 }', '{ "a": b } /* end */', '{ "a": b /* b */, /* c */ "c": d } '])(
    'stays a text where fields would lose something: %s',
    (text) => {
      const fields = textToFields(text);
      if (fields) expect(fieldsToText(fields)).toContain('/*');
      else expect(fields).toBeUndefined();
    },
  );
});

describe('fields to text and back', () => {
  // No result may have the reserved name.
  const name = fc
    .oneof(fc.constantFrom('a', 'b', 'order_date', 'with.dot', 'quo"te', '', '*'), fc.string())
    .filter((each) => each !== '__proto__');
  const source = fc.constantFrom(
    'a',
    '$',
    'a.b[0].c',
    'a ? b : c',
    'a and b',
    '{}',
    '{"a": 1}',
    '({"a": 1})',
    '(({"a": 1}))',
    'a ?? 1',
    '(a ?? 1)',
    '1',
    '"x"',
    "'x'",
    '(1)',
    'null',
    '[]',
    '[1, [2]]',
    '()',
    '(())',
    '$sum(a)',
    '$list(a)',
    '$required(a, "/a")',
    '$required(a, "/b")',
    '($required(a, "/a"))',
    '$list(a, function($item, $index) { $item.{} })',
    '$list(a, function($item, $index) { $item.(1) })',
    '$list(a, function($item, $index) { $item.({}) })',
    '{"a": b}.a',
    'a /* c */',
    '$match(a, /x,y/)',
    'a / b',
    'a/b/c',
    '$x := 1',
    '(a or b)',
    '((a or b))',
    'a{b: c}',
    '{b: c}',
    '`odd name`',
    'a @$i.b',
    '() ?? {"a": 1}',
    '$money("9007199254740993")',
    '9007199254740993',
    '-1',
    '1.0',
    '("xpath /a"; $$.a)',
    '(("xpath /a"; $$.a))',
    '("xpath /a"; $$.b)',
    '("xpath /a//"; $$.a)',
    '("x"; a)',
    { xpath: '/a' },
    { xpath: '/a/*/b[@c="d;e"]' },
    { xpath: '@a' },
    { jsonpath: '$.a[*]["b`c"]' },
    { jsonpath: "@..x[?@.y == 'z']" },
  );
  // JSON written by JavaScript knows no −0.
  const written = fc.jsonValue().map((value) => readJson(writeJson(value as Json)));
  const json = fc.oneof(written, fc.constantFrom<Json>({}, [], { a: 1 }, null, 'x', -0.5));
  const plain = fc.oneof(
    fc.record({ from: source, required: fc.constant(true) }, { requiredKeys: ['from'] }),
    fc.record({ from: source, default: json, required: fc.constant(true) }, { requiredKeys: ['from', 'default'] }),
    fc.record({ default: json, required: fc.constant(true) }, { requiredKeys: ['default'] }),
  );
  const { fields: fieldMaps } = fc.letrec<{
    fields: Field[];
    body: Omit<Field, 'to'>;
    object: [string[], Omit<Field, 'to'>][];
  }>((tie) => ({
    body: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      plain,
      fc.record(
        { each: source, fields: tie('fields'), required: fc.constant(true) },
        { requiredKeys: ['each', 'fields'] },
      ),
    ),
    object: fc
      .uniqueArray(
        fc.tuple(
          name,
          fc.oneof(
            { depthSize: 'small' },
            fc.tuple(fc.constant('leaf' as const), tie('body')),
            fc.tuple(fc.constant('branch' as const), tie('object')),
          ),
        ),
        {
          selector: ([key]) => key,
          maxLength: 4,
        },
      )
      .map((members) =>
        members.flatMap(([key, [kind, inner]]): [string[], Omit<Field, 'to'>][] =>
          kind === 'leaf' ? [[[key], inner]] : inner.map(([names, body]) => [[key, ...names], body]),
        ),
      ),
    fields: fc.oneof(
      tie('object').map((members) => members.map(([names, body]) => ({ to: targetOf(names), ...body }))),
      tie('body').map((body) => [{ to: '', ...body }]),
    ),
  }));

  it('loses nothing', () => {
    fc.assert(
      fc.property(fieldMaps, (fields) => {
        const text = fieldsToText(fields);
        expect(analyse(text).error).toBeUndefined();
        expect(textToFields(text)).toEqual(fields);
      }),
      { numRuns: 1000 },
    );
  });

  it('loses nothing of a target', () => {
    const names = fc.array(name, { maxLength: 4 });
    fc.assert(
      fc.property(names, (all) => {
        expect(namesOf(targetOf(all))).toEqual(all);
      }),
    );
  });
});
