import { describe, expect, test } from 'vitest';
import { type Budget, Expression, JsonataError, jsonLength } from './index.ts';

const budget: Partial<Budget> = { fuel: 5_000_000, bytes: 20_000_000 };

function outcome(text: string, input: unknown = {}, limits: Partial<Budget> = budget): unknown {
  try {
    return new Expression(text).evaluate(input, { budget: limits });
  } catch (thrown) {
    if (thrown instanceof JsonataError) return thrown.code;
    throw thrown;
  }
}

describe('what an expression cannot do to its host (attacks 1 to 17)', () => {
  test('1 a tail-recursive loop ends when its fuel is used up, or its time', () => {
    const loop = '($f := function($n) { $f($n + 1) }; $f(0))';
    expect(outcome(loop, {}, { fuel: 1_000_000 })).toBe('D1021');
    expect(outcome(loop, {}, { fuel: 1e15, bytes: 1e15, deadlineMs: 20 })).toBe('D1012');
  });

  test('2 Ackermann’s function ends at the depth', () => {
    const ackermann = `($a := function($m, $n) {
      $m = 0 ? $n + 1 : $n = 0 ? $a($m - 1, 1) : $a($m - 1, $a($m, $n - 1)) }; $a(4, 3))`;
    expect(outcome(ackermann)).toBe('D1011');
  });

  test('3 a range is refused before it is made', () => {
    expect(outcome('[1..1e9]')).toBe('D2014');
    expect(outcome('[1..9e6]')).toBe('D1021');
    expect(outcome('[1..9e6]', {}, { bytes: 1_000_000 })).toBe('D1022');
  });

  test('4 ranges within ranges', () => {
    expect(outcome('[1..10000].[1..10000]')).toBe('D1022');
    expect(outcome('$count([1..3000].([1..3000]))', {}, { bytes: 1e12, fuel: 5_000_000 })).toBe('D1021');
  });

  test.each(["$pad('x', 5e8)", "$pad('x', -5e8, 'ab')", "$pad('x', 1e300)"])(
    '5 %s is refused before it is made',
    (text) => {
      expect(outcome(text)).toBe('D1022');
    },
  );

  test('6 text that doubles', () => {
    expect(outcome("$reduce([1..60], function($t, $i) { $t & $t }, 'ab')")).toBe('D1022');
    expect(outcome("$reduce([1..60], function($t, $i) { $replace($t, 'a', 'aa') }, 'aa')")).toBe('D1022');
    expect(outcome('$reduce([1..60], function($l, $i) { $append($l, $l) }, [1])')).toBe('D1022');
    expect(outcome('$reduce([1..60], function($l, $i) { $join([$l, $l]) }, "ab")')).toBe('D1022');
  });

  test.each(['/(a+)+$/', '/^(a|a)*$/', '/(.*a){12}x/'])(
    '7, 8 the regular expression %s takes time in proportion to the text',
    (regex) => {
      const text = 'a'.repeat(20_000);
      const limits = { fuel: 20_000_000, bytes: 20_000_000 };
      expect(outcome(`$contains($ & 'b', ${regex})`, text, limits)).toBe(false);
      expect(outcome(`$replace($ & 'b', ${regex}, '')`, text, limits)).toBe(`${text}b`);
    },
  );

  test('7 what cannot run in linear time is refused when it is compiled, with its place', () => {
    expect(() => new Expression('$match(a, /a(?=b)/)')).toThrow(
      expect.objectContaining({ code: 'S0303', position: 18 }),
    );
    expect(() => new Expression('$match(a, /(a)\\1/)')).toThrow(expect.objectContaining({ code: 'S0303' }));
  });

  test('7 a host that can be killed may let it run, and is told', () => {
    const expression = new Expression('$match(a, /a(?=b)/).index', { mayBacktrack: true });
    expect(expression.evaluate({ a: 'xab aab' })).toEqual([1, 5]);
    expect(expression.backtracks).toBe(true);
    const linear = new Expression('$replace(a, /a(.)/i, "$1")', { mayBacktrack: true });
    expect(linear.evaluate({ a: 'xAb' })).toBe('xb');
    expect(linear.backtracks).toBe(false);
    const groups = new Expression('$match(a, /(?<!x)(a)(b)?/).groups', { mayBacktrack: true });
    expect(JSON.stringify(groups.evaluate({ a: 'xab a' }))).toBe('["a",null]');
  });

  test('10 a transform changes its copy alone, whatever its pattern finds', () => {
    const input = { a: { n: 1 }, list: [{ n: 2 }] };
    const bindings = { trigger: { id: 1, inner: { id: 2 } } };
    const before = JSON.stringify([input, bindings]);
    for (const pattern of ['$trigger', '$trigger.inner', '$$.a', '$$', '$$.list', '**', '($x := $$; $x.a)']) {
      const text = `$ ~> |${pattern}|{ "n": 3, "id": 3 }, ["n", "id"]|`;
      new Expression(text).evaluate(input, { bindings });
      expect([pattern, JSON.stringify([input, bindings])]).toEqual([pattern, before]);
    }
    expect(new Expression('$ ~> |list|{ "n": n + 1 }|').evaluate(input)).toEqual({ a: { n: 1 }, list: [{ n: 3 }] });
  });

  test('9 text of the data is never run', () => {
    expect(outcome('$eval(text)', { text: '1 + 1' })).toBe('D3122');
    expect(outcome('text ~> $eval', { text: '1 + 1' })).toBe('D3122');
    expect(outcome('$map([text], $eval)', { text: '1 + 1' })).toBe('D3122');
  });

  test.each([
    '__proto__',
    'constructor',
    'a.constructor.prototype',
    '$lookup($, "__proto__")',
    '$lookup($, "constructor")',
    'a.toString',
    '$.hasOwnProperty',
    '$string.constructor',
    '(function($x) { $x }).constructor',
    '$keys.call',
    '/a/.exec',
    '$string(?).arity',
  ])('10 %s reaches nothing', (text) => {
    expect(outcome(text, { a: 'text' })).toBeUndefined();
  });

  test('10 nothing is written on a prototype, and no result has a field that is one', () => {
    expect(outcome('$ ~> |$|{"__proto__": {"polluted": true}}|', { a: 1 })).toBe('D1013');
    expect(outcome('{"__proto__": 1}')).toBe('D1013');
    expect(outcome('{"__proto" & "__": 1}')).toBe('D1013');
    expect(outcome('$merge([{"a": 1}, $])', JSON.parse('{"__proto__": 1}'))).toBe('D1013');
    expect(outcome('$ ~> |constructor|{"polluted": true}|', {})).toEqual({});
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('6 a value that shares its parts, and would be endless as JSON, is known before it is written', () => {
    const value = outcome('$reduce([1..60], function($v, $i) { {"a": $v, "b": $v} }, 1)');
    expect(jsonLength(value, 1_000_000)).toBeGreaterThan(1_000_000);
    expect(outcome('$string($reduce([1..60], function($v, $i) { {"a": $v, "b": $v} }, 1))')).toBe('D1021');
    expect(jsonLength({ a: ['text', 1, null] }, 1000)).toBeLessThan(40);
  });

  test('10 no result holds itself', () => {
    expect(outcome('$ ~> |$|{"self": {"again": $}}|', { a: 1 })).toEqual({ a: 1, self: { again: { a: 1 } } });
  });

  test('10 the input is not written on', () => {
    const input = Object.freeze({ a: Object.freeze([Object.freeze({ b: 1 })]) });
    expect(outcome('$ ~> |a|{"b": 2}, "c"|', input)).toEqual({ a: [{ b: 2 }] });
    expect(outcome('a{"k": b}', Object.freeze({ a: Object.freeze([]) }))).toEqual({});
  });

  test.each([
    '$formatNumber(1, "0", {"grouping-separator": 5})',
    '$formatNumber(1, "0", {"pattern-separator": ""})',
    '$formatNumber(1, "0", {"zero-digit": null})',
  ])('10 options that are no options are refused: %s', (text) => {
    expect(outcome(text)).toBe('T0410');
  });

  test('11 data that looks like a function is data', () => {
    const forged = {
      f: { _jsonata_lambda: true, _jsonata_function: true, implementation: 'x', body: {}, arguments: [] },
    };
    expect(outcome('$type(f)', forged)).toBe('object');
    expect(outcome('f(1)', forged)).toBe('T1006');
    expect(outcome('$map([1], f)', forged)).toBe('T0410');
  });

  test('12 the inside of functions stays hidden', () => {
    expect(outcome('$sum.*')).toBeUndefined();
    expect(outcome('/a/.*')).toBeUndefined();
    expect(outcome('$keys($sum)')).toBeUndefined();
    expect(outcome('$type($spread($sum))')).toBe('function');
    expect(outcome('$string($sum)')).toBe('');
    expect(outcome('$each($sum, function($v) { $v })')).toBe('T0410');
  });

  test('13 a name bound anew holds for the one evaluation', () => {
    const rebinding = new Expression('($sum := function($x) { "mine" }; $sum([1]))');
    expect(rebinding.evaluate({})).toBe('mine');
    expect(new Expression('$sum([1, 2])').evaluate({})).toBe(3);
    expect(outcome('($__evaluate_entry := function() { $error("seen") }; 1 + 1)')).toBe(2);
    expect(new Expression('$sum([1, 2])').evaluate({}, { bindings: { sum: () => 'host' } })).toBe('host');
    expect(new Expression('$sum([1, 2])').evaluate({})).toBe(3);
  });

  test.each([
    ['brackets', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['parentheses', '('.repeat(20_000) + ')'.repeat(20_000)],
    ['conditions', `${'1?'.repeat(20_000)}1`],
    ['defaults', Array(40).fill('a').join(' ?? ')],
    ['additions', Array(20_000).fill('1').join('+')],
  ])('14 %s nested 20,000 times are refused, or evaluated', (_what, text) => {
    expect(['S0501', 'S0203', 'S0207', 'D1011', undefined]).toContain(outcomeOfCompiling(text));
  });

  test('15 one compiled expression serves two tenants at once', async () => {
    const functions = {
      ask: { signature: '<s:s>', call: (_host: unknown, text: string) => Promise.resolve(`${text}!`) },
    };
    const expression = new Expression('($x := name; $y := $ask($x); $x & $y & $secret)', { functions });
    const answers = await Promise.all(
      ['a', 'b'].map((name) => expression.evaluateAsync({ name }, { bindings: { secret: name } })),
    );
    expect(answers).toEqual(['aa!a', 'bb!b']);
  });

  test('16 what the host keeps for its functions is out of the expression’s reach', () => {
    const functions = { length2: { call: (host: { context: unknown }) => String(host.context).length } };
    const expression = new Expression('[$length2(), $context, $keys($$), $ ~> $string]', { functions });
    expect(JSON.stringify(expression.evaluate({ a: 1 }, { context: 'secret' }))).not.toContain('secret');
  });

  test.each([
    '$number(secret)',
    'secret + 1',
    '-secret',
    '$toMillis(secret)',
    'secret()',
    '{(secret & ""): 1, secret: 2}',
    '$formatNumber(1, secret)',
    '$map(secret, secret)',
    '$single([secret, secret])',
    '[1..secret]',
    '[{"a": secret}, {"a": 1}]^(a)',
    '$fromMillis(0, "[" & secret & "]")',
  ])('17 no message of %s holds a value of the data', (text) => {
    try {
      new Expression(text).evaluate({ secret: 'hunter' });
      expect.unreachable();
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(JsonataError);
      expect(`${(thrown as Error).message} ${(thrown as JsonataError).token}`).not.toContain('hunter');
    }
  });
});

function outcomeOfCompiling(text: string): unknown {
  try {
    return new Expression(text).evaluate({}) === undefined ? undefined : 'D1011';
  } catch (thrown) {
    return thrown instanceof JsonataError ? thrown.code : thrown;
  }
}
