import { expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { whereItRuns } from './where-it-runs.ts';

it.each([
  '$sum(lines.qty)',
  '$match(id, /^PO-([0-9]+)$/)',
  '($eval := function($x) { $x }; $eval(1))',
  '$exists($eval)',
])('%s runs in the process of the engine', (text) => expect(whereItRuns(text)).toEqual({ runs: 'engine', why: [] }));

it('what RE2 cannot express runs in a guarded process, and is named with its place', () => {
  expect(whereItRuns('$contains(id, /a(?=b)/) or $contains(id, /b/)')).toEqual({
    runs: 'guarded',
    why: [
      {
        code: 'REGEX_BACKTRACKS',
        message: 'Its regular expression uses look-around or a back-reference and can take any time.',
        range: { from: 14, to: 22 },
      },
    ],
  });
  expect(whereItRuns('$replace(id, /(.)\\1/, "x")').runs).toBe('guarded');
});

it.each(['$eval(text)', 'text ~> $eval', 'text ~> $eval()'])('%s is refused', (text) => {
  expect(whereItRuns(text)).toMatchObject({ runs: 'refused', why: [{ code: 'EVAL_OFF' }] });
});

it('a text that is no expression runs nowhere', () => {
  expect(whereItRuns('a +')).toEqual({ runs: 'refused', why: [] });
});

it('where it could take any time it is evaluated only with leave', () => {
  const task = { text: '$match("xab", /a(?=b)/).index', bindings: {}, now: '2026-11-21T10:00:00Z', seed: '' };
  expect(() => evaluate(task)).toThrow(expect.objectContaining({ code: 'EXPRESSION_NEEDS_GUARD' }));
  expect(evaluate(task, { mayBacktrack: true })).toBe(1);
});
