import { expect, test } from 'vitest';
import { Expression } from '../expression.ts';

test.each<[string, unknown]>([
  ['(a){ "x": $c := 1 }', { x: 1 }],
  ['((a){ "x": [$c := 1, $c][1] }).x', 1],
  ['($c := 2; (a){ "x": [$c := 1, $c][1] }).x', 1],
  ['(a)[$c := true]', 'v'],
])('a name that is bound behind a block is bound around it: %s', (text, value) => {
  expect(new Expression(text).evaluate({ a: 'v' })).toEqual(value);
});
