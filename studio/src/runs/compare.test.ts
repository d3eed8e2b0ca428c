import { expect, test } from 'vitest';
import type { Step } from '../api/types.ts';
import { differencesOf, mostDifferences } from '../parts/difference.ts';
import { compareRuns } from './compare.ts';

const step = (node: string, part: Partial<Step> = {}): Step => ({
  key: node,
  node,
  status: 'done',
  attempts: 1,
  startedAt: '2026-01-01T00:00:00Z',
  finishedAt: null,
  port: 'out',
  input: null,
  output: null,
  error: null,
  nextRetryAt: null,
  ...part,
});
const run = (...steps: Step[]) => ({ steps, trigger: { node: 'hook', source: 'test', payload: null, meta: {} } });

test('R-X4 two runs are told apart node by node: the path, what went in, what came out', () => {
  const left = run(step('check', { input: { qty: 1 } }), step('send', { status: 'failed' }));
  const right = run(step('check', { input: { qty: 2 } }), step('send'), step('end'));
  const pairs = compareRuns(left, right);
  expect(pairs.map(({ node, verdict }) => [node, verdict])).toEqual([
    ['check', 'different'],
    ['send', 'different'],
    ['end', 'onlyRight'],
  ]);
  expect(pairs[0]?.inputs).toEqual([{ pointer: '/qty', left: 1, right: 2 }]);
  expect(compareRuns(left, left).every(({ verdict }) => verdict === 'same')).toBe(true);
});

test('R-X4 differences are the smallest parts that differ, by their pointers', () => {
  const left = { a: { 'x/y': 1, same: [1, 2] }, list: [1, 2], kind: [] };
  const right = { a: { 'x/y': 2, same: [1, 2], more: true }, list: [1], kind: {} };
  expect(differencesOf(left, right)).toEqual([
    { pointer: '/a/x~1y', left: 1, right: 2 },
    { pointer: '/a/more', right: true },
    { pointer: '/list/1', left: 2 },
    { pointer: '/kind', left: [], right: {} },
  ]);
});

test('R-X4 of values that differ altogether only so much is told', () => {
  const many = (n: number) => Array.from({ length: 1000 }, () => n);
  expect(differencesOf(many(1), many(2))).toHaveLength(mostDifferences);
});
