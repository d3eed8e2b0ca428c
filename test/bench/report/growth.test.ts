import { expect, test } from 'vitest';
import { growthOf } from './growth.ts';

const costs = (cost: (size: number) => number) => [10, 100, 1000, 10_000].map((size) => [size, cost(size)] as const);

test('a fixed cost and so much for each is linear', () => {
  expect(growthOf(costs((size) => 7 + 0.3 * size))).toEqual({ sizes: [100, 1000, 10_000], ratio: expect.closeTo(1) });
});

test('a cost that grows with the square shows', () => {
  expect(growthOf(costs((size) => size ** 2))?.ratio).toBeCloseTo(10);
});

test('two sizes say nothing', () => {
  expect(growthOf(costs((size) => size).slice(0, 2))).toBeUndefined();
});
