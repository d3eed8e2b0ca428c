import { describe, expect, test } from 'vitest';
import { Expression, type FunctionValue, type HostCall, JsonataError } from './index.ts';

describe("functions and data of the host's", () => {
  test('a function with a signature gets arguments of its types, and the context for a missing one', () => {
    const functions = {
      gross: { signature: '<n-n?:n>', call: (_host: HostCall, net: number, rate = 21) => (net * (100 + rate)) / 100 },
    };
    const lines = { lines: [{ net: 100 }, { net: 50 }] };
    expect(new Expression('lines.net.$gross()', { functions }).evaluate(lines)).toEqual([121, 60.5]);
    expect(new Expression('$gross(100, 9)', { functions }).evaluate({})).toBe(109);
    expect(() => new Expression('$gross("x")', { functions }).evaluate({})).toThrow(
      expect.objectContaining({ code: 'T0410', position: 7, token: 'gross' }),
    );
  });

  test('it takes the place of a built-in one, also as a value', () => {
    const functions = { uppercase: { call: (_host: HostCall, text: string) => `<${text}>` } };
    expect(new Expression('[$uppercase("a"), $map(["b"], $uppercase)]', { functions }).evaluate({})).toEqual([
      '<a>',
      '<b>',
    ]);
    expect(new Expression('$uppercase("a")').evaluate({})).toBe('A');
  });

  test('it sees what the host gave along for this evaluation, and the current value', () => {
    const functions = { who: { call: ({ context, input }: HostCall) => [context, input] } };
    const expression = new Expression('a.$who()', { functions });
    expect(expression.evaluate({ a: 1 }, { context: 'one' })).toEqual(['one', 1]);
    expect(expression.evaluate({ a: 2 }, { context: 'two' })).toEqual(['two', 2]);
  });

  test('it can call functions of the expression', () => {
    const functions = {
      twice: { signature: '<f:x>', call: (_host: HostCall, f: FunctionValue) => [f(1), f(2), f.arity] },
    };
    expect(new Expression('$twice(function($x) { $x * 10 })', { functions }).evaluate({})).toEqual([10, 20, 1]);
  });

  test('it can call the built-in function that it stands in for', () => {
    const functions = {
      lookup: {
        signature: '<xs:x>',
        call: (host: HostCall, table: unknown, key: string) =>
          typeof table === 'string' ? `${table}/${key}` : host.builtIn('lookup', table, key),
      },
    };
    expect(
      new Expression('[$lookup("vat", "NL"), $lookup($, "a")]', { functions }).evaluate([{ a: 1 }, { a: 2 }]),
    ).toEqual(['vat/NL', 1, 2]);
  });

  test('it can hand over a list that paths take as one item', () => {
    const functions = {
      eachWhole: {
        signature: '<af:a>',
        call: (host: HostCall, lists: unknown[][], f: FunctionValue) => lists.map((list) => f(host.whole(list))),
      },
    };
    const rows = {
      rows: [
        [1, 2],
        [3, 4],
      ],
    };
    const text = '$eachWhole(rows, function($row) { $row.$count($) })';
    expect(new Expression(text, { functions }).evaluate(rows)).toEqual([2, 2]);
  });

  test('it pays out of the same budget', () => {
    const functions = { work: { call: (host: HostCall) => host.spend(1000) } };
    const expression = new Expression('[1..100].$work()', { functions });
    expect(() => expression.evaluate({}, { budget: { fuel: 50_000 } })).toThrow(
      expect.objectContaining({ code: 'D1021', token: 'work' }),
    );
  });

  test('what it throws comes out as it is', () => {
    const mine = new RangeError('mine');
    const functions = {
      fail: {
        call: () => {
          throw mine;
        },
      },
    };
    expect(() => new Expression('a.$fail()', { functions }).evaluate({ a: 1 })).toThrow(mine);
  });

  test('bindings are data and functions by name; what the expression binds itself goes before', () => {
    const bindings = { rate: 2, double: (x: number) => x * 2, none: undefined };
    expect(new Expression('[$rate, $double(4), $exists($none)]').evaluate({}, { bindings })).toEqual([2, 8, false]);
    expect(new Expression('($r := $rate; $rate := 5; [$r, $rate])').evaluate({}, { bindings })).toEqual([2, 5]);
  });

  test('time and dice are the host’s', () => {
    const options = { now: Date.UTC(2026, 10, 21), random: () => 0.25 };
    const expression = new Expression('[$now(), $millis(), $random(), $shuffle([1, 2, 3])]');
    const value = expression.evaluate({}, options);
    expect(value).toEqual(['2026-11-21T00:00:00.000Z', options.now, 0.25, 3, 1, 2]);
    expect(expression.evaluate({}, options)).toEqual(value);
  });
});

describe('answers that come later', () => {
  const ask = (log: string[]) => ({
    ask: {
      signature: '<s:s>',
      call: async (_host: HostCall, question: string) => {
        log.push(question);
        await Promise.resolve();
        if (question === 'bad') throw new Error('no answer');
        return question.toUpperCase();
      },
    },
  });

  test('are waited for wherever the function is called, and each question is asked once', async () => {
    const log: string[] = [];
    const text = `(
      $f := function($x) { $ask($x) & $ask("y") };
      {
        "mapped": $map(["a", "b"], $ask),
        "sorted": ["c", "d"]^($ask($)),
        "filtered": names[$ask($) = "E"],
        "nested": $f("z"),
        "chained": "g" ~> $ask ~> $lowercase,
        "random": $random()
      })`;
    let draws = 0;
    const value = await new Expression(text, { functions: ask(log) }).evaluateAsync(
      { names: ['e', 'f'] },
      { random: () => ++draws / 10 },
    );
    expect(value).toEqual({
      mapped: ['A', 'B'],
      sorted: ['c', 'd'],
      filtered: 'e',
      nested: 'ZY',
      chained: 'g',
      random: 0.1,
    });
    expect(log).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'z', 'y', 'g']);
    expect(draws).toBe(1);
  });

  test('a failing answer fails the evaluation', async () => {
    await expect(new Expression('$ask("bad")', { functions: ask([]) }).evaluateAsync({})).rejects.toThrow('no answer');
  });

  test('cannot be had synchronously', () => {
    expect(() => new Expression('$ask("a")', { functions: ask([]) }).evaluate({})).toThrow(
      expect.objectContaining({ code: 'D1023' }),
    );
  });

  test('what is evaluated again is paid for again', async () => {
    const expression = new Expression('($sum([1..1000]); $ask("a") & $ask("b") & $ask("c"))', { functions: ask([]) });
    const { fuel } = new Expression('$sum([1..1000])').run({}).used;
    await expect(expression.evaluateAsync({}, { budget: { fuel: 3 * fuel } })).rejects.toBeInstanceOf(JsonataError);
    await expect(expression.evaluateAsync({}, { budget: { fuel: 5 * fuel } })).resolves.toBe('ABC');
  });
});
