import { ExactNumber, type Json, MillraceError, readJson, writeJson } from '@millrace/contract';
import { describe, expect, it } from 'vitest';
import { type ExpressionTask, evaluate } from './evaluate.ts';

const run = async (text: string, input: Json = {}, more: Partial<ExpressionTask> = {}) =>
  evaluate({ text, input, bindings: {}, now: '2026-11-21T10:00:00Z', seed: 'run 1, step map', ...more });

async function failureOf(text: string, input: Json = {}): Promise<MillraceError> {
  return run(text, input).then(
    (value) => expect.fail(`expected a failure, got ${writeJson(value)}`),
    (thrown: unknown) => (thrown instanceof MillraceError ? thrown : expect.fail(String(thrown))),
  );
}

describe('an expression', () => {
  it('sees its input as $ and the bound names', async () => {
    expect(await run('$.a + $steps.b.c', { a: 1 }, { bindings: { steps: { b: { c: 2 } } } })).toBe(3);
  });

  it('has no value where its path leads nowhere', async () => {
    expect(await run('a.b.c')).toBeUndefined();
  });

  it('gives plain lists and objects, whatever JSONata hangs on its own', async () => {
    const result = await run('{ "list": items[].a, "none": missing }', { items: { a: 1 } });
    expect(result).toStrictEqual({ list: [1] });
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });

  it('leaves its input as it was, frozen or shared', async () => {
    const input = deepFreeze({ items: [], order: { price: 1 } });
    await run('items{"a": 1}', input);
    await run('items[]', input);
    await run('($clone := function($x) { $x }; $ ~> |order|{ "price": 2 }|)', input);
    expect(input).toEqual({ items: [], order: { price: 1 } });
  });

  it('passes numbers through that a double would round', async () => {
    const input = readJson('{"id":9007199254740993,"x":0.1000000000000000000001}');
    expect(writeJson(await run('{ "id": id, "text": "no " & id, "copy": $ ~> |$|{ "y": 1 }| }', input))).toBe(
      '{"id":9007199254740993,"text":"no 9007199254740993","copy":{"id":9007199254740993,"x":0.1000000000000000000001,"y":1}}',
    );
    expect(await run('id', input)).toBeInstanceOf(ExactNumber);
  });

  it('gives the same time and chance for the same activation', async () => {
    const text = `{ "now": $now(), "year": $now("[Y]"), "ms": $millis(), "time": $toMillis("13:45", "[H]:[m]"),
        "r": [$random(), $random()], "s": $shuffle([1..20]) }`;
    const [first, again, other] = [await run(text), await run(text), await run(text, {}, { seed: 'run 2, step map' })];
    expect(again).toEqual(first);
    expect(first).toMatchObject({
      now: '2026-11-21T10:00:00.000Z',
      year: '2026',
      ms: Date.parse('2026-11-21T10:00:00Z'),
      time: Date.parse('2026-11-21T13:45:00Z'),
    });
    expect(other).not.toEqual(first);
    expect(await run('$sort($shuffle([1..20])) = [1..20]')).toBe(true);
  });

  it('never mixes two evaluations of one text that go on at once', async () => {
    const text = '($x := $; $map([1..50], function($i) { $x.tenant & $now() & $random() }))';
    const of = (tenant: string) => run(text, { tenant }, { now: `2026-11-2${tenant}T00:00:00Z`, seed: tenant });
    const alone = [await of('1'), await of('2')];
    expect(await Promise.all([of('1'), of('2')])).toEqual(alone);
  });
});

describe('the error of an expression', () => {
  it('names the place and what was expected', async () => {
    expect((await failureOf('a +')).toData()).toEqual({
      category: 'validation',
      code: 'EXPRESSION_PARSE',
      message: 'The expression ends too early.',
      details: { jsonata: 'S0207', position: 3 },
    });
    expect((await failureOf('1 + name', { name: 'x' })).toData()).toMatchObject({
      code: 'EXPRESSION_FAILED',
      message: 'The right side of “+” must be a number.',
      details: { jsonata: 'T2002', position: 3 },
    });
  });

  it.each([
    '$number(secret)',
    '-secret',
    'secret + 1',
    '1 < secret',
    '{ secret: 1, secret: 2 }',
    '[1, secret]^($)',
    '$error("about " & secret)',
    '$assert(false, secret)',
    '$toMillis(secret)',
    '$sum(secret)',
    '$formatBase(1, $length(secret) * 10)',
    '$ ~> |$|secret|',
    '$moneyAdd(secret, 1)',
    '$date(secret)',
    '$dateAdd("2026-01-01", secret)',
    '$decodeUrl("%" & secret)',
    '$now(secret & "[")',
    '$power(10, 1000) & secret',
  ])('holds nothing of the data: %s', async (text) => {
    const failure = await failureOf(text, { secret: 'kanarie-4711' });
    expect(JSON.stringify(failure.toData()) + failure.message).not.toContain('kanarie');
  });

  it('computes exactly with a number of so many digits', async () => {
    expect(writeJson(await run('id + 1', readJson('{"id":9007199254740993}')))).toBe('9007199254740994');
  });

  it('shows the message of $error and $assert where it is written out in the expression', async () => {
    expect((await failureOf('$assert(total = 2, "The total does not match.")', { total: 1 })).message).toBe(
      'The total does not match.',
    );
  });

  it.each<[string, string]>([
    ['$sum', 'The result holds a function, which can only be called.'],
    ['{ "a": [1, $sum] }', 'The result holds a function, which can only be called.'],
    ['1 / 0', 'The result holds a number out of range.'],
    ['/a/', 'The result holds a function, which can only be called.'],
  ])('refuses a result that is no JSON: %s', async (text, message) => {
    expect(await failureOf(text)).toMatchObject({ code: 'EXPRESSION_FAILED', message });
  });
});

describe('what an expression must not reach', () => {
  it('is $eval', async () => {
    expect((await failureOf('$eval("1 + 1")')).code).toBe('EXPRESSION_EVAL_OFF');
    expect((await failureOf('"1 + 1" ~> $eval')).code).toBe('EXPRESSION_EVAL_OFF');
  });

  it('is a prototype', async () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'prototype']) {
      expect(await run(`[$.\`${name}\`, $lookup($, "${name}"), $sum.\`${name}\`, "".\`${name}\`]`)).toEqual([]);
    }
    expect(await run('constructor', { constructor: 'Ferrari' })).toBe('Ferrari');
  });

  it('is a prototype by way of data', async () => {
    const failure = await failureOf('$', readJson('{"a":{"__proto__":{"isAdmin":true}}}'));
    expect(failure.toData()).toMatchObject({ code: 'RESERVED_NAME', pointer: '/a/__proto__' });
    expect((await failureOf('{ "__proto__": { "isAdmin": true } }')).code).toBe('EXPRESSION_PARSE');
    expect((await failureOf('{ "__pro" & "to__": { "isAdmin": true } }')).code).toBe('EXPRESSION_FAILED');
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  it('is a function forged in data, which is data like any other', async () => {
    for (const flag of ['_jsonata_lambda', '_jsonata_function']) {
      const forged = { [flag]: true, implementation: {}, body: {}, y: 1 };
      expect((await failureOf('$x()', { x: forged })).code).toBe('EXPRESSION_FAILED');
      expect(await run('x.y', { x: forged })).toBe(1);
    }
  });

  it.each([
    '{} ~> |$sum|{ "implementation": 1 }|',
    '{} ~> |$sum|{}, ["_jsonata_function"]|',
    '{} ~> |$sum|{ "extra": 1 }|',
    '($clone := function($x) { $x }; $spread([$sum]) ~> |**|{ "validate": 1 }|)',
    '{} ~> |$now|{ "implementation": 1 }|',
  ])('is what a function is for others: %s', async (text) => {
    await run(text).catch(() => {});
    expect(await run('$sum([1, 2])')).toBe(3);
    expect(await run('$now()')).toBe('2026-11-21T10:00:00.000Z');
  });

  it('is the inside of a function', async () => {
    expect(await run('[$sum.*, $sum.implementation, $keys($sum), $sum.**[$type($) = "object"]]')).toEqual([]);
  });

  it('is the syntax tree that others evaluate too', async () => {
    const text = `(
      $f := function() { "a" & "!" };
      $before := $f();
      $opened := {} ~> |$f|{}, ["_jsonata_lambda"]|;
      $written := {} ~> |$f.body.rhs|{ "value": $$.note }|;
      $before
    )`;
    const outcome = (note: string) => run(text, { note }).catch((failure: MillraceError) => failure.message);
    await outcome('of another tenant');
    expect(await outcome('of mine')).not.toContain('another');
  });

  it('is the engine by a binding of its own', async () => {
    const text = '($__evaluate_entry := function() { 1 }; $`jsonata.__evaluate_entry` := 1; 2)';
    await expect(run(text)).rejects.toMatchObject({ code: 'EXPRESSION_PARSE' });
    expect(await run('($__evaluate_entry := function() { 1 }; $sum := function($x) { 7 }; $sum([1]))')).toBe(7);
    expect(await run('$sum([1])')).toBe(1);
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
