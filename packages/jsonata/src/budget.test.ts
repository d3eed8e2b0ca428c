import { describe, expect, test } from 'vitest';
import { type Budget, defaultBudget, Expression, JsonataError } from './index.ts';

const text = `(
  $f := function($n) { $n < 1 ? 0 : $n + $f($n - 1) };
  {
    "sum": $f(20),
    "names": items.(name & "-" & $pad($string(price), -8)) ~> $join(","),
    "sorted": items^(>price).name,
    "grouped": items{kind: $count($)}
  }
)`;
const input = {
  items: Array.from({ length: 30 }, (_, index) => ({
    name: `n${index}`,
    price: (index * 7) % 13,
    kind: `k${index % 3}`,
  })),
};
const expression = new Expression(text);

function failure(budget: Partial<Budget>): JsonataError | undefined {
  try {
    expression.evaluate(input, { budget });
    return undefined;
  } catch (thrown) {
    if (thrown instanceof JsonataError) return thrown;
    throw thrown;
  }
}

describe('the budget of an evaluation', () => {
  test('what was used is told, and is the same each time', () => {
    const { value, used } = expression.run(input);
    expect(value).toMatchObject({ sum: 210, grouped: { k0: 10, k1: 10, k2: 10 } });
    for (let again = 0; again < 200; again++) expect(expression.run(input).used).toEqual(used);
    expect(new Expression(text).run(input).used).toEqual(used);
  });

  test.each(['fuel', 'bytes', 'depth'] as const)(
    'exactly as much %s as is used is enough, and one less is not',
    (what) => {
      const used = expression.run(input).used[what];
      expect(failure({ [what]: used })).toBeUndefined();
      expect(failure({ [what]: used - 1 })?.code).toBe({ fuel: 'D1021', bytes: 'D1022', depth: 'D1011' }[what]);
    },
  );

  test.each(['fuel', 'bytes', 'depth'] as const)('with too little %s it always ends at the same place', (what) => {
    const used = expression.run(input).used[what];
    for (const share of [0.1, 0.5, 0.9]) {
      const budget = { [what]: Math.floor(used * share) };
      const first = failure(budget);
      expect(first).toBeInstanceOf(JsonataError);
      for (let again = 0; again < 20; again++) {
        const next = failure(budget);
        expect([next?.code, next?.position, next?.token]).toEqual([first?.code, first?.position, first?.token]);
      }
    }
  });

  test('where it ended is told', () => {
    const run = (expr: string, budget: Partial<Budget>) => () => new Expression(expr).evaluate({}, { budget });
    expect(run('1 + $sum([1..1000])', { fuel: 100 })).toThrow(expect.objectContaining({ code: 'D1021', position: 13 }));
    expect(run('"a" & $pad("x", 1000)', { bytes: 500 })).toThrow(
      expect.objectContaining({ code: 'D1022', position: 11, token: 'pad' }),
    );
  });

  test('more data takes more fuel and bytes in proportion, and no more depth', () => {
    const lines = new Expression('lines.{ "a": a, "b": a & "x" }');
    const used = (count: number) => lines.run({ lines: Array.from({ length: count }, (_, a) => ({ a: a % 10 })) }).used;
    const [few, many] = [used(100), used(10_000)];
    expect(many.fuel / few.fuel).toBeGreaterThan(90);
    expect(many.bytes / few.bytes).toBeGreaterThan(90);
    expect(many.fuel / few.fuel).toBeLessThan(101);
    expect(many.bytes / few.bytes).toBeLessThan(101);
    expect(many.depth).toBe(few.depth);
  });

  test('branches that are not taken may be dear', () => {
    expect(new Expression('false ? $pad("x", 1e8) : 1').evaluate({}, { budget: { bytes: 1000 } })).toBe(1);
  });

  test('the deadline is looked at even within one built-in function', () => {
    const sorting = new Expression('$count($sort([1..300000], function($a, $b) { $a < $b }))');
    expect(() => sorting.evaluate({}, { budget: { fuel: 1e12, bytes: 1e12, deadlineMs: 5 } })).toThrow(
      expect.objectContaining({ code: 'D1012' }),
    );
  });

  test('data nested too deeply ends at the depth, not at the stack', () => {
    const nested = nestedData();
    const twin = nestedData();
    for (const text of ['$string($)', '**', '$ = $twin', '$ ~> |b|{}|', '$distinct([$, $twin])']) {
      const outcome = () => new Expression(text).evaluate(nested, { bindings: { twin } });
      expect(caught(outcome), text).toMatchObject({ code: 'D1011' });
    }
  });

  test.each([
    ['calls', '($f := function($n) { 1 + $f($n + 1) }; $f(0))'],
    ['$map', '($f := function($n) { 1 + $sum($map([$n], function($x) { 1 + $f($x) })) }; $f(0))'],
    ['$replace', '($f := function($n) { $replace("aa", /a/, function($m) { "x" & $f(1) }) }; $f(0))'],
    ['$each', '($f := function($n) { $each({"a": 1}, function($v) { ($f($v); 1) }) }; $f(0))'],
    ['sorting', '($f := function($n) { 1 + $count([2, 1]^($f($))) }; $f(0))'],
    ['matching functions', '($f := function($n) { 1 + $count($match("aa", function($m) { ($f($m);) })) }; $f("x"))'],
    ['compositions', '($f := function($n) { 1 + ($string ~> $f)($n) }; $f(0))'],
  ])('the default depth leaves a third of the usual stack to the host: %s', (_what, recursion) => {
    const budget = { depth: 1.5 * defaultBudget.depth };
    const failed = caught(() => new Expression(recursion).evaluate({}, { budget }));
    // Where the stack itself had ended first, there would be no position.
    expect(failed).toMatchObject({ code: 'D1011', position: expect.any(Number) });
  });
});

function caught(work: () => unknown): unknown {
  try {
    return work();
  } catch (thrown) {
    return thrown;
  }
}

function nestedData(): unknown {
  let nested: unknown = 1;
  for (let level = 0; level < 100_000; level++) nested = level % 2 ? [nested] : { a: nested };
  return nested;
}
