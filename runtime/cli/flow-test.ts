import type { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import type { SuiteReport } from '../flow-tests/report.ts';
import { readWholeFlow } from '../flows/folder.ts';

/** `millrace flow test`: run the tests beside a flow, in the real engine with simulated time. */
export function addFlowTest(flow: Command): void {
  flow
    .command('test <path>')
    .description('run the tests of a flow, and list the edges that no test takes')
    .option('--only <text>', 'only tests whose file name contains the text')
    .option('--json', 'the report as JSON')
    .action(async (path: string, options: { only?: string; json?: true }) => {
      const { runFlowTests } = await import('../flow-tests/run-suite.ts');
      const bundle = readWholeFlow(path);
      const report = await runFlowTests(bundle, loadConfig(process.env, process.cwd()), options);
      console.log(options.json ? JSON.stringify(report, undefined, 2) : reportText(report));
      if (report.failed > 0) process.exitCode = 1;
    });
}

/** For people: a line for each test, what of it is not as expected, and the edges that none takes. */
export function reportText({ tests, untaken, passed, failed }: SuiteReport): string {
  const lines = tests.flatMap(({ name, file, mismatches }) =>
    mismatches.length === 0 ? [`✓ ${name}`] : [`✗ ${name} (${file})`, ...mismatches.map((line) => `    ${line}`)],
  );
  const edges = untaken.map((edge) => `No test takes the edge ${edge}.`);
  return [...lines, ...edges, `${passed} passed, ${failed} failed`].join('\n');
}
