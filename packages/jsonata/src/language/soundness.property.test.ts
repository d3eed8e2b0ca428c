import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Callable } from '../callable.ts';
import { type Case, inputOf, suiteFiles, suiteIsThere } from '../conformance.fixture.ts';
import { Expression } from '../expression.ts';
import { JsonataError } from '../failure.ts';
import { data, expressions } from '../fuzz/expressions.fixture.ts';
import { analyse } from './analyse.ts';
import { shapeOfSchema, shapeOfValue } from './schema-shape.ts';
import { nothing, type Shape, unknownData } from './shape.ts';

/** In the long run more: `JSONATA_FUZZ_PAIRS=1000000`. */
const pairs = Number(process.env.JSONATA_FUZZ_PAIRS ?? 10_000);
const seed = Number(process.env.JSONATA_FUZZ_SEED ?? 20_261_121);

/** A schema that both values fit, and the first of them. */
const known = fc.tuple(inputs(), inputs()).map(([input, other]) => ({ input, schema: schemaOf([input, other]) }));
const shapes = fc.oneof(
  known.map(({ input, schema }) => ({ input, shape: shapeOfSchema(schema) })),
  inputs().map((input) => ({ input, shape: shapeOfValue(input) })),
  inputs().map((input) => ({ input, shape: unknownData })),
);

function inputs(): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 3, arbitrary: fc.record({ a: data, b: data, c: data }) }, data);
}

describe(`of ${pairs} generated expressions over data of known types (seed ${seed})`, () => {
  it('each gives what it is said to give, and none is refused that can be evaluated', () => {
    const tally = { evaluated: 0, told: 0, failed: 0, foreseen: 0 };
    fc.assert(
      fc.property(expressions, shapes, (text, { input, shape }) => {
        const expression = compiled(text);
        if (!expression) return;
        const { shape: result, diagnostics } = analyse(expression, { input: shape });
        const refused = diagnostics.filter(({ severity }) => severity === 'error');
        const outcome = outcomeOf(expression, input);
        if (!outcome) {
          tally.failed++;
          if (refused.length > 0) tally.foreseen++;
          return;
        }
        tally.evaluated++;
        if (result.kinds.size <= 3) tally.told++;
        expect(refused).toEqual([]);
        expect(admits(result, outcome.value)).toBe(true);
      }),
      { numRuns: pairs, seed },
    );
    console.log(tally);
    // What knows nothing is never wrong.
    expect(tally.foreseen).toBeGreaterThan(tally.failed / 3);
    expect(tally.told).toBeGreaterThan(tally.evaluated / 2);
  }, 7_200_000);
});

describe.skipIf(!suiteIsThere)("JSONata's official suite", () => {
  it.each(suiteFiles())('%s: each expression gives what it is said to give', (_file, cases) => {
    for (const test of cases) {
      const expression = compiled(test.expr);
      const outcome = expression && outcomeOf(expression, inputOf(test), test.bindings);
      if (!expression || !outcome) continue;
      const { shape, diagnostics } = analyse(expression, environmentOf(test));
      expect([test.expr, diagnostics.filter(({ severity }) => severity === 'error')]).toEqual([test.expr, []]);
      expect([test.expr, admits(shape, outcome.value)]).toEqual([test.expr, true]);
    }
  });
});

function environmentOf(test: Case) {
  const input = inputOf(test);
  const bindings = Object.entries(test.bindings ?? {}).map(([name, value]) => [name, { shape: shapeOfValue(value) }]);
  return { input: input === undefined ? nothing : shapeOfValue(input), bindings: Object.fromEntries(bindings) };
}

function compiled(text: string): Expression | undefined {
  try {
    return new Expression(text, { evaluates: true });
  } catch (thrown) {
    if (thrown instanceof JsonataError) return undefined;
    throw thrown;
  }
}

/** Nothing where the evaluation fails. */
function outcomeOf(
  expression: Expression,
  input: unknown,
  bindings: Record<string, unknown> = {},
): { readonly value: unknown } | undefined {
  try {
    return { value: expression.evaluate(input, { bindings }) };
  } catch (thrown) {
    if (thrown instanceof JsonataError) return undefined;
    throw thrown;
  }
}

/** JSON Schema of all the values. */
function schemaOf(values: readonly unknown[]): object {
  const objects = values.filter((value): value is Record<string, unknown> => shapeOfValue(value).kinds.has('object'));
  const names = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  const fields = names.map((name) => [name, schemaOf(objects.flatMap((each) => (name in each ? [each[name]] : [])))]);
  const lists = values.filter((value): value is unknown[] => Array.isArray(value));
  return {
    type: [...new Set(values.flatMap((value) => [...shapeOfValue(value).kinds]))],
    properties: Object.fromEntries(fields),
    required: names.filter((name) => objects.every((object) => name in object)),
    ...(lists.length > 0 && {
      items: schemaOf(lists.flat()),
      minItems: Math.min(...lists.map(({ length }) => length)),
    }),
  };
}

/** Whether a value is of the type. */
function admits(shape: Shape, value: unknown): boolean {
  if (value === undefined) return shape.presence !== 'always';
  if (value instanceof Callable) return shape.kinds.has('function');
  const { kinds } = shapeOfValue(value);
  if (shape.presence === 'never' || ![...kinds].every((kind) => shape.kinds.has(kind))) return false;
  if (Array.isArray(value))
    return (value.length > 0 || !shape.filled) && value.every((item) => admitsItem(shape, item));
  if (typeof value !== 'object' || value === null) return true;
  const object = value as Record<string, unknown>;
  return [...new Set([...shape.required, ...Object.keys(value)])].every((name) =>
    admits(shape.member(name).shape, object[name]),
  );
}

/** A list that a filter has left may hold what is missing; as JSON it is not there. */
function admitsItem(list: Shape, item: unknown): boolean {
  const items = list.items();
  return item === undefined || admits({ ...items, presence: items.presence === 'never' ? 'never' : 'always' }, item);
}
