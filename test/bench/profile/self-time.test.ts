import { expect, test } from 'vitest';
import { byFunction, byPlace } from './self-time.ts';

const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 6 });
const profile = {
  nodes: [
    { id: 1, callFrame: frame('commit', new URL('../../../runtime/engine/group.ts', import.meta.url).href) },
    { id: 2, callFrame: frame('query', new URL('../../../node_modules/pg/lib/client.js', import.meta.url).href) },
    { id: 3, callFrame: frame('(idle)', '') },
  ],
  samples: [1, 2, 1, 3],
  timeDeltas: [10, 20, 30, 5],
};

test('time is summed by function, most first', () => {
  expect(byFunction(profile)).toEqual([
    ['commit runtime/engine/group.ts:7', 40],
    ['query node_modules/pg/lib/client.js:7', 20],
    ['(idle)', 5],
  ]);
});

test('and by folder and package', () => {
  expect(byPlace(profile)).toEqual([
    ['runtime/engine', 40],
    ['npm pg', 20],
    ['(idle)', 5],
  ]);
});
