import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInPlace } from './child.mjs';
import { environment } from './node24.mjs';
import { root } from './place.mjs';

/**
 * Runs the tests and prints, last, the reasons of skipped ones and one line `N passed, N failed`.
 * @param {string} node
 * @param {string[]} args for vitest: files, `-t name`
 * @returns {Promise<number>} exit code
 */
export async function runTests(node, args) {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-test-'));
  const file = join(folder, 'report.json');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await runInPlace(node, [vitest, 'run', ...reporters, ...args], { cwd: root, env: environment() });
  const report = JSON.parse(await readFile(file, 'utf8').catch(() => '{}'));
  await rm(folder, { recursive: true });
  console.log(summary(report, code).join('\n'));
  return code;
}

/**
 * Lines for people and machines about a report of vitest's JSON reporter.
 * @param {object} report empty where vitest died before it wrote one
 * @param {number} code vitest's exit code
 */
export function summary(report, code) {
  const files = report.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults);
  const count = (...statuses) => tests.filter(({ status }) => statuses.includes(status)).length;
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const failed = count('failed') + files.filter(failedAsWhole).length;
  // An error outside every test fails the run although no test failed.
  const failures = code !== 0 && failed === 0 ? 1 : failed;
  const last = `${count('passed')} passed, ${failures} failed`;
  return [...reasons(skipped), skipped.length > 0 ? `${last}, ${skipped.length} skipped` : last];
}

/** A file that could not even be loaded has no tests that could fail. */
function failedAsWhole({ status, assertionResults }) {
  return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
}

/** A test that may be skipped tells why in its name or its group's: `by SFTP (skipped: sshd is missing)`. */
function reasons(skipped) {
  const counts = new Map();
  for (const { fullName } of skipped) {
    const reason = /\(skipped: (.+?)\)/.exec(fullName)?.[1] ?? 'no reason given';
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `${count} skipped: ${reason}`);
}
