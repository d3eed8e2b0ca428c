import { expect, test } from 'vitest';
import { allProblems } from './all-problems.ts';

const problem = (message: string) => ({ code: 'X', pointer: '/nodes/a', message });

test('what is found here counts at once; of the server only what it alone can know', () => {
  const last = { here: [problem('no title')], server: [problem('no title'), problem('no such flow')] };
  expect(allProblems([], last)).toEqual([problem('no such flow')]);
  expect(allProblems([problem('wrong port')], last)).toEqual([problem('wrong port'), problem('no such flow')]);
  expect(allProblems(last.here, last)).toEqual(last.server);
});
