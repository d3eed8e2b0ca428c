import { describe, expect, it } from 'vitest';
import { Expression } from '../expression.ts';
import { analyse } from './analyse.ts';
import { order } from './order.fixture.ts';
import { shapeOfSchema } from './schema-shape.ts';
import { inWords } from './words.ts';

const typeOf = (text: string) => inWords(analyse(text, order).shape);
/** What is told, as `CODE of this part`, a warning in brackets. */
const told = (text: string, environment: Parameters<typeof analyse>[1] = order) =>
  analyse(text, environment).diagnostics.map(({ code, severity, from, to }) => {
    const part = `${code} ${text.slice(from, to)}`;
    return severity === 'error' ? part : `(${part})`;
  });

describe('the type of an expression', () => {
  it.each([
    ['id', 'text'],
    ['note', 'null or text or nothing'],
    ['customer', '{ name: text, vat?: text }'],
    ['customer.vat', 'text or nothing'],
    ['lines', 'list of { sku: text, qty: number, price?: number }'],
    ['lines.qty', 'number or list of number or nothing'],
    ['lines[]', 'list of { sku: text, qty: number, price?: number }'],
    ['lines[qty > 1].sku', 'text or list of text or nothing'],
    ['[lines.sku]', 'list of text'],
    ['lines.{ "sku": sku }', '{ sku: text } or list of { sku: text } or nothing'],
    ['{ "id": id, "n": $count(lines) }', '{ id: text, n: number }'],
    ['id & "/1"', 'text'],
    ['lines[0].qty * 2', 'number or nothing'],
    ['customer.vat ?? "none"', 'text'],
    ['tags ? id : 1', 'text or number'],
    ['($x := customer; $x.name)', 'text'],
    ['($f := function($c) { $c.name }; $f(customer))', 'text'],
    ['$map(lines, function($l) { $l.qty > 1 })', 'true or false or list of true or false or nothing'],
    ['$filter(lines, function($l) { $l.qty > 1 }).sku', 'text or list of text or nothing'],
    ['$sort(lines, function($a, $b) { $a.qty > $b.qty })', 'list of { sku: text, qty: number, price?: number }'],
    ['$merge([{ "id": id }, { "x": 1 }]).x', 'number or nothing'],
    ['$lookup(customer, "name")', 'text'],
    [
      'lines@$l.{ "id": $$.id, "sku": $l.sku }',
      '{ id: text, sku: text } or list of { id: text, sku: text } or nothing',
    ],
    ['lines#$i.$i', 'number or list of number or nothing'],
    ['lines.{ "id": %.id }.id', 'text or list of text or nothing'],
    ['$params.limit', 'number or nothing'],
    ['function($a, $b) { $a }', 'function($a, $b)'],
    ['free', 'anything'],
    ['free.deep.down', 'anything'],
    ['*', 'anything'],
    ['$split(id, "-")', 'list of text'],
    ['id ~> $uppercase()', 'text'],
    ['id ~> $uppercase', 'text'],
    ['()', 'nothing'],
    ['tags ? id : $error("no tags")', 'text'],
  ])('%s is %s', (text, type) => expect(typeOf(text)).toBe(type));

  it('is that of a compiled expression too', () => {
    expect(inWords(analyse(new Expression('customer.name'), order).shape)).toBe('text');
  });

  it('is anything where nothing is known of the input', () => {
    expect(inWords(analyse('a.b').shape)).toBe('anything');
    expect(analyse('a.b + c & $d').diagnostics).toEqual([]);
  });
});

describe('what is wrong with a part of an expression', () => {
  it.each([
    ['customer.nmae', '(FIELD_UNKNOWN nmae)'],
    ['lines[quantity > 1]', '(FIELD_UNKNOWN quantity)'],
    ['$map(lines, function($l) { $l.quantity })', '(FIELD_UNKNOWN quantity)'],
    ['($f := function($c) { $c }; $f(customer).nmae)', '(FIELD_UNKNOWN nmae)'],
    ['$replace(id, /x/, function($m) { $m.text })', '(FIELD_UNKNOWN text)'],
    ['$ ~> |lines|{ "total": quantity }|', '(FIELD_UNKNOWN quantity)'],
    ['$lookup(customer, "nmae")', '(FIELD_UNKNOWN "nmae")'],
    ['id + 1', 'T2001 id'],
    ['1 - customer', 'T2002 customer'],
    ['-id', 'D1002 id'],
    ['[id..3]', 'T2003 id'],
    ['customer < 5', 'T2010 customer'],
    ['id >= 5', 'T2009 id >= 5'],
    ['id = 5', '(NEVER_EQUAL id = 5)'],
    ['id()', 'T1006 id()'],
    ['customer.name("x")', 'T1006 name("x")'],
    ['id ~> customer', 'T2006 customer'],
    ['{ lines: 1 }', 'T1003 lines'],
    ['lines^(tags)', '(FIELD_UNKNOWN tags)'],
    ['$ ~> |lines|"x"|', '(T2011 "x")'],
    ['$uppercase(customer)', 'T0410 customer'],
    ['$substring(id, "2")', 'T0410 "2"'],
    ['$pad(id)', 'T0411 $pad(id)'],
    ['$uppercase()', 'T0411 $uppercase()'],
    ['$sum(lines.sku)', '(T0412 lines.sku)'],
    ['$sum([id])', 'T0412 [id]'],
    ['$join(["a", "b"], 3)', 'T0410 3'],
    ['$abs((id ~> $length()) & "y")', 'T0410 (id ~> $length()) & "y"'],
    ['free()', 'T1006 free()'],
    ['$match(id, /a(?=b)/)', 'S0303 /a(?=b)/'],
    ['$foo', '(VARIABLE_UNKNOWN $foo)'],
  ])('%s: %s', (text, expected) => expect(told(text)).toEqual([expected]));

  it.each([
    'note + 1 = 2 or true',
    '(note ?? 1) + 1',
    'free + 1',
    '$number(id) + 1',
    'lines.price > 10',
    '$exists(note) and note = "x"',
    '$map(lines, $string)',
    '$reduce(lines.qty, function($sum, $n) { $sum + $n })',
    '$lookup(customer, $uppercase(id))',
    '($a := 1; $b := function() { $a }; $a := "x"; $b() + 1)',
    '($sum := function($x) { $x }; $sum(id))',
    '$substring(id, lines[0].qty)',
    'lines.($uppercase(sku))',
    'null = free',
  ])('%s is nobody’s business', (text) => {
    expect(told(text).filter((each) => !each.startsWith('(T2001 note'))).toEqual([]);
  });

  it('is an error only where every evaluation fails', () => {
    expect(told('tags ? id + 1 : 2')).toEqual(['(T2001 id)']);
    expect(told('customer.vat + 1')).toEqual(['(T2001 customer.vat)']);
    expect(told('lines[price < "3"]')).toEqual(['(T2009 price < "3")']);
    expect(told('lines[sku < 3]')).toEqual(['T2009 sku < 3']);
    expect(told('tags[$ < 3]')).toEqual(['(T2009 $ < 3)']);
    expect(told('true or id + 1')).toEqual(['(T2001 id)']);
    expect(told('function($x) { id + 1 }')).toEqual(['(T2001 id)']);
  });

  it('is told in words', () => {
    expect(analyse('1 + customer.name', order).diagnostics).toEqual([
      {
        from: 4,
        to: 17,
        code: 'T2002',
        severity: 'error',
        message: 'The right side of “+” must be a number.',
        hint: 'It is text.',
      },
    ]);
    expect(analyse('customer.nmae', order).diagnostics).toMatchObject([
      { message: '“customer.nmae” leads nowhere: there is no such field.', hint: 'There are “name”, “vat”.' },
    ]);
    expect(analyse('id = lines[0].qty', order).diagnostics).toMatchObject([
      {
        message: 'The two sides of “=” are of different types, and never equal.',
        hint: 'They are text, and number or list of number.',
      },
    ]);
  });

  it('is told of names only where the host says which there are', () => {
    expect(told('$foo', { input: order.input })).toEqual([]);
  });
});

it('a field of what nothing is known of is neither there nor missing', () => {
  const text = 'free.a & id & $reduce(lines, function($sum, $l) { $sum.b + $l.qty }) & $lookup(free, "c")';
  const { openFields, diagnostics } = analyse(text, order);
  expect(openFields.map(({ name, from, to }) => [name, text.slice(from, to)])).toEqual([
    ['a', 'a'],
    ['b', 'b'],
    ['c', '"c"'],
  ]);
  expect(diagnostics).toEqual([]);
});

describe('a text that is no expression', () => {
  it.each([
    ['a +', 'S0207'],
    ['a b', 'S0201'],
    ['"abc', 'S0101'],
    ['[1, 2', 'S0203'],
    ['('.repeat(100_000), 'S0501'],
  ])('%s is told to be %s and nothing else', (text, code) => {
    const { diagnostics } = analyse(text, order);
    expect(diagnostics[0]).toMatchObject({ code, severity: 'error' });
    expect(diagnostics.every(({ severity }) => severity === 'error')).toBe(true);
  });

  it('is told where it ends to be one', () => {
    expect(told('id & nmae )')).toEqual(['S0201 )']);
  });
});

describe('schemas without measure', () => {
  it('are looked at only as far as the expression goes', () => {
    const endless = shapeOfSchema({ properties: { parent: { $ref: '#' }, name: { type: 'string' } }, type: 'object' });
    expect(inWords(analyse(`${'parent.'.repeat(50)}name`, { input: endless }).shape)).toBe('text or nothing');
  });

  it('and functions that call one another again and again come to an end', () => {
    const calls = Array.from({ length: 40 }, (_, n) => `$f${n + 1} := function($x) { [$f${n}($x), $f${n}($x)] }`);
    expect(inWords(analyse(`($f0 := function($x) { $x }; ${calls.join('; ')}; $f40(1))`).shape)).toBe('anything');
  });
});
