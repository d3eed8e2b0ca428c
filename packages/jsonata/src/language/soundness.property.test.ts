import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Callable } from '../callable.ts';
import { Expression } from '../expression.ts';
import { JsonataError } from '../failure.ts';
import { data, expressions } from '../fuzz/expressions.fixture.ts';
import { builtInFunctions } from './built-ins.ts';
import { infer } from './infer/inference.ts';
import { shapeOfValue } from './schema-shape.ts';
import type { Shape } from './shape.ts';
import { unknownData, either } from './shape.ts';

const pairs = Number(process.env.JSONATA_FUZZ_PAIRS ?? 20_000);

describe('x', () => {
  it('holds', () => {
    let ok = 0, bad = 0, errs = 0, known = 0;
    fc.assert(
      fc.property(expressions, fc.oneof({ weight: 3, arbitrary: fc.record({ a: data, b: data, c: data }) }, data), fc.oneof(fc.record({ a: data, b: data, c: data }), data), fc.constantFrom('exact', 'either', 'unknown'), (text, input, other, how) => {
        let expression;
        try { expression = new Expression(text); } catch (thrown) { if (thrown instanceof JsonataError) return; throw thrown; }
        const shape = how === 'exact' ? shapeOfValue(input) : how === 'either' ? either(shapeOfValue(input), shapeOfValue(other)) : unknownData;
        const found = infer(expression.syntax, { input: shape, root: shape, names: new Map(), certain: true }, { functions: builtInFunctions, origin: '', hasEveryName: false });
        const fails = found.findings.some((each) => each.fails);
        const before = JSON.stringify(input);
        let value: unknown;
        try { value = expression.evaluate(input); } catch (thrown) { if (!(thrown instanceof JsonataError)) throw thrown; bad++; if (fails) errs++; return; }
        if (JSON.stringify(input) !== before) return;
        ok++;
        if (found.shape.kinds.size < 7) known++;
        expect(fails && JSON.stringify(found.findings.filter((each) => each.fails))).toBe(false);
        expect(admits(found.shape, value) || JSON.stringify([ [...found.shape.kinds], found.shape.presence, value])).toBe(true);
      }),
      { numRuns: pairs, seed: Number(process.env.JSONATA_FUZZ_SEED ?? 1) },
    );
    console.log(ok, bad, errs, known);
  }, 1e9);
});

function admits(shape: Shape, value: unknown): boolean {
  if (value === undefined) return shape.presence !== 'always';
  if (value instanceof Callable) return shape.kinds.has('function');
  if (typeof value === 'number' && !Number.isFinite(value)) return shape.kinds.has('number');
  const { kinds } = shapeOfValue(value);
  if (shape.presence === 'never' || ![...kinds].every((kind) => shape.kinds.has(kind))) return false;
  if (Array.isArray(value))
    return (value.length > 0 || !shape.filled) && value.every((item) => item === undefined || admits(present(shape.items()), item));
  if (typeof value !== 'object' || value === null) return true;
  const object = value as Record<string, unknown>;
  return [...new Set([...shape.required, ...Object.keys(value)])].every((name) =>
    admits(shape.member(name).shape, object[name]),
  );
}

function present(shape: Shape): Shape {
  return shape.presence === 'never' ? shape : { ...shape, presence: 'always' };
}
