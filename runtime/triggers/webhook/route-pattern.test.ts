import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchPath, relate, textsIn } from './route-pattern.ts';

describe('two addresses', () => {
  test.each([
    ['orders', 'orders', 'same'],
    ['orders/:id', 'orders/:number', 'same'],
    ['orders', 'stock', 'apart'],
    ['orders/:id', 'orders', 'apart'],
    ['orders/:id/lines', 'orders/:id/notes', 'apart'],
    ['orders/:id', 'orders/approved', 'nested'],
    [':a/:b', 'orders/:id', 'nested'],
    ['orders/:id/:part', ':kind/7/lines', 'crossing'],
    ['a/:x', ':y/b', 'crossing'],
  ])('%s and %s are %s', (one, other, relation) => {
    expect(relate(one, other)).toBe(relation);
    expect(relate(other, one)).toBe(relation);
  });

  const segment = fc.constantFrom('a', 'b', ':x', ':y');
  const pattern = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 });

  test('that are told apart never take the same path, and of two nested ones the narrower is told by its texts', () => {
    fc.assert(
      fc.property(pattern, pattern, path, (one, other, path) => {
        const both = matchPath(one, path) !== undefined && matchPath(other, path) !== undefined;
        const relation = relate(one, other);
        if (both) expect(relation).not.toBe('apart');
        if (both && relation === 'nested') expect(textsIn(one)).not.toBe(textsIn(other));
      }),
    );
  });
});

describe('a path', () => {
  test('gives the values of the parameters', () => {
    expect(matchPath('orders/:id/lines/:line', ['orders', 'D-1', 'lines', '7'])).toEqual({ id: 'D-1', line: '7' });
  });

  test('with an encoded slash is one segment: only a parameter fits it', () => {
    expect(matchPath('orders/:id', ['orders', 'a/b'])).toEqual({ id: 'a/b' });
    expect(matchPath('orders/a/b', ['orders', 'a/b'])).toBeUndefined();
  });

  test('that is shorter, longer, different, or holds nothing where a parameter stands, does not fit', () => {
    for (const path of [['orders'], ['orders', '1', '2'], ['stock', '1'], ['orders', '']])
      expect(matchPath('orders/:id', path)).toBeUndefined();
  });

  test('gives a parameter of any name as it is', () => {
    expect(Object.entries(matchPath(':__proto__', ['x']) ?? {})).toEqual([['__proto__', 'x']]);
  });
});
