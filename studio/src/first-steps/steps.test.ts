import { expect, it } from 'vitest';
import { stepsDone } from './steps.ts';

const flow = (deployed: object | null) => ({ id: 'a', deployed }) as never;

it('an empty tenant has every step before it, and each is done by what is there', () => {
  expect([...stepsDone({ connections: 0, flows: [], hasRun: false })]).toEqual([]);
  expect([...stepsDone({ connections: 1, flows: [flow(null)], hasRun: false })]).toEqual(['connection', 'flow']);
  expect([...stepsDone({ connections: 0, flows: [flow(null), flow({})], hasRun: true })]).toEqual([
    'flow',
    'deploy',
    'run',
  ]);
});
