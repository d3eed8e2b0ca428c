import { expect, test } from 'vitest';
import { summary } from './tests.mjs';

const file = (...assertionResults) => ({ status: 'passed', assertionResults });
const passed = { status: 'passed' };

test('the last line counts what passed and failed', () => {
  const report = { testResults: [file(passed, passed), file({ status: 'failed' })] };
  expect(summary(report, 1)).toEqual(['2 passed, 1 failed']);
});

test('skipped tests are counted and their reasons told', () => {
  const skipped = { status: 'skipped', fullName: ' by SFTP (skipped: sshd is not installed) a file appears' };
  const report = { testResults: [file(passed, skipped, skipped, { status: 'todo', fullName: ' later' })] };
  expect(summary(report, 0)).toEqual([
    '2 skipped: sshd is not installed',
    '1 skipped: no reason given',
    '1 passed, 0 failed, 3 skipped',
  ]);
});

test('a file that cannot be loaded is a failure', () => {
  const report = { testResults: [file(passed), { status: 'failed', assertionResults: [] }] };
  expect(summary(report, 1)).toEqual(['1 passed, 1 failed']);
});

test('a run that dies before its report, or fails outside every test, is a failure', () => {
  expect(summary({}, 1)).toEqual(['0 passed, 1 failed']);
  expect(summary({ testResults: [file(passed)] }, 1)).toEqual(['1 passed, 1 failed']);
});
