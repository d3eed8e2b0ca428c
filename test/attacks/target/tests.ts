import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnOwn } from '../../faults/parts/own-process.ts';
import { fell, held, notTried, type TestReference, type Verdict } from '../attack.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const vitest = join(root, 'node_modules/vitest/vitest.mjs');

/** What Vitest's reporter “json” writes, as far as it is read here. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly TestResult[];
  }[];
}
interface TestResult {
  readonly fullName: string;
  readonly status: string;
}

export interface TestResults {
  verdictOf(reference: TestReference): Verdict;
}

/** Runs all the tests that are referred to, at once. */
export async function runTests(references: readonly TestReference[]): Promise<TestResults> {
  const report = references.length === 0 ? { testResults: [] } : await reportOf(references);
  const files = new Map(report.testResults.map((file) => [relative(root, file.name), file]));
  return {
    verdictOf({ file, name }) {
      const found = files.get(file);
      return found ? verdictOf(found.assertionResults, { file, name }, found.message) : fell(`${file} is not there`);
    },
  };
}

async function reportOf(references: readonly TestReference[]): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-attacks-tests-'));
  const output = join(folder, 'report.json');
  const files = [...new Set(references.map(({ file }) => file))];
  const names = [...new Set(references.map(({ name }) => name.source))].join('|');
  const args = [vitest, 'run', ...files, '-t', names, '--reporter=json', `--outputFile=${output}`];
  try {
    await spawnOwn(process.execPath, args, { cwd: root, stdio: 'ignore' }).ended;
    return JSON.parse(readFileSync(output, 'utf8')) as Report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tests that are skipped have not tried anything. */
export function verdictOf(tests: readonly TestResult[], { file, name }: TestReference, message = ''): Verdict {
  const meant = tests.filter(({ fullName }) => name.test(fullName));
  const failed = meant.filter(({ status }) => status === 'failed');
  const passed = meant.filter(({ status }) => status === 'passed');
  const place = file.replace(/^.*\/(?=[^/]+\/[^/]+$)/, '');
  if (failed.length > 0) return fell(`by its tests: ${failed[0]?.fullName} (${file})`);
  if (meant.length === 0) return fell(`no test of ${file} is called ${name}${message && `: ${message}`}`);
  if (passed.length === 0) return notTried(`its tests were skipped (${place})`);
  return held(`by its tests: ${passed.length} of ${place}`);
}
