import { expect, test } from 'vitest';
import { chainFlow } from './chain.ts';

test('a chain has so many nodes in one row, from the webhook to the sending', () => {
  const { nodes, edges } = chainFlow(50).flow;
  expect(Object.keys(nodes)).toHaveLength(50);
  expect(edges.map(({ from }) => from)).toEqual(Object.keys(nodes).slice(0, -1));
  expect(edges.map(({ to }) => to)).toEqual(Object.keys(nodes).slice(1));
  expect(nodes.order?.config.path).toBe('bench/chain-50');
});

test('there is none of one node', () => {
  expect(() => chainFlow(1)).toThrow(RangeError);
});
