import { expect, test } from 'vitest';
import { verdictOf } from './tests.ts';

const reference = { file: 'packages/a/b.test.ts', name: /^52 / };

test.each([
  ['held', [{ fullName: '52 a path', status: 'passed' }]],
  [
    'held',
    [
      { fullName: '52 a path', status: 'passed' },
      { fullName: '53 another', status: 'failed' },
    ],
  ],
  [
    'fell',
    [
      { fullName: '52 a path', status: 'passed' },
      { fullName: '52 another', status: 'failed' },
    ],
  ],
  ['fell', [{ fullName: '53 another', status: 'passed' }]],
  ['not tried', [{ fullName: '52 a path', status: 'skipped' }]],
])('%s: %j', (kind, tests) => {
  expect(verdictOf(tests, reference)).toMatchObject({ kind });
});
