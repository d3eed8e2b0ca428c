import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expressions } from '../fuzz/expressions.fixture.ts';
import { analyse } from './analyse.ts';
import { completionsAt } from './complete.ts';
import { hoverAt } from './hover.ts';
import { shapeOfSchema } from './schema-shape.ts';

const pairs = Number(process.env.JSONATA_FUZZ_PAIRS ?? 10_000);
const seed = Number(process.env.JSONATA_FUZZ_SEED ?? 20_261_121);

const environment = {
  input: shapeOfSchema({ properties: { a: { type: 'array', items: { properties: { b: { type: 'string' } } } } } }),
  bindings: {},
};
const typos = fc.constantFrom(
  '',
  '',
  '',
  '(',
  ')',
  '"',
  '[',
  '.',
  '`',
  '/',
  '/*',
  '|',
  '{',
  '~>',
  '@',
  '%',
  ':',
  ';',
  '?',
  '\\',
);

/** Expressions as they are while somebody types: cut off somewhere, with a slip somewhere. */
const texts = fc.tuple(expressions, fc.nat(), fc.nat(), typos).map(([text, cut, slip, typo]) => {
  const typed = text.slice(0, cut % (text.length + 1));
  const at = slip % (typed.length + 1);
  return typed.slice(0, at) + typo + typed.slice(at);
});

it(`of ${pairs} texts that are being typed each gets its answers, with places within it (seed ${seed})`, () => {
  let proposed = 0;
  fc.assert(
    fc.property(texts, fc.nat(), (text, somewhere) => {
      const position = somewhere % (text.length + 1);
      const ranges = [...analyse(text, environment).diagnostics, ...analyse(text, environment).openFields];
      const hover = hoverAt(text, position, environment);
      for (const { from, to } of hover ? [...ranges, hover] : ranges)
        expect([0 <= from, from <= to, to <= text.length]).toEqual([true, true, true]);
      const { from, items } = completionsAt(text, position, environment);
      expect(from).toBeLessThanOrEqual(position);
      if (items.length > 0) proposed++;
    }),
    { numRuns: pairs, seed },
  );
  expect(proposed).toBeGreaterThan(pairs / 5);
}, 7_200_000);
