import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate } from './evaluate.ts';
import { followPath } from './plain-path.ts';

const name = fc.constantFrom('a', 'b', 'order id', 'constructor');
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }),
  ),
})).value as fc.Arbitrary<never>;
const names = fc.array(name, { maxLength: 4 });
const start = fc.constantFrom('$', '$$', '$params', '$unknown', '');

function textOf(first: string, path: readonly string[]): string {
  return [...(first === '' && path.length > 0 ? [] : [first || '$']), ...path.map((each) => `\`${each}\``)].join('.');
}

test('a plain path leads where JSONata leads', async () => {
  await fc.assert(
    fc.asyncProperty(start, names, json, json, async (first, path, input, params) => {
      const text = textOf(first, path);
      const found = followPath(text, input, { params });
      if (!found) return;
      const value = evaluate({ text, input, bindings: { params }, now: '2026-01-01T00:00:00Z', seed: '' });
      expect(found.value).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test('most paths through plain objects are followed', () => {
  const order = { header: { id: 'A-1', lines: [1] } };
  expect(followPath('header.id', order, {})).toEqual({ value: 'A-1' });
  expect(followPath('$params.sink', order, { params: { sink: 'http://x' } })).toEqual({ value: 'http://x' });
  expect(followPath('$', order, {})?.value).toBe(order);
  expect(followPath('header.missing.more', order, {})).toEqual({});
});

test.each(['a + 1', 'a[0]', 'a.b[]', 'a{b: c}', 'a.$b', '$sum(a)', 'a.%', 'a@$x.b', 'a#$i', '"text"', 'a ? b', '-a'])(
  '%s is more than a path',
  (text) => {
    expect(followPath(text, { a: { b: 1 } }, {})).toBeUndefined();
  },
);

test('what JSONata would map over or unwrap is not followed', () => {
  expect(followPath('a.b', { a: [{ b: 1 }, { b: 2 }] }, {})).toBeUndefined();
  expect(followPath('a', { a: [1] }, {})).toBeUndefined();
});
