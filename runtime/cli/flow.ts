import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueOf, describeCatalogue, isError, MillraceError, type Problem } from '@millrace/contract';
import { type FlowDocument, formatFlow } from '@millrace/flow';
import type { Command } from 'commander';
import { startEvaluator } from '../evaluator/evaluator.ts';
import { checkBundle } from '../flows/check.ts';
import { readFlow } from '../flows/folder.ts';
import { addFlowRun } from './flow-run.ts';
import { addFlowTest } from './flow-test.ts';
import { readJsonFile, readNamedFile } from './read-json-file.ts';

/** `millrace flow …`: work on flows as files. */
export function addFlow(program: Command): void {
  const flow = program.command('flow').description('validate, format, run and test flows');
  flow
    .command('validate <path>')
    .description(
      'list every problem of a flow (a folder, a bundle or a flow.json); warnings alone end with exit code 0',
    )
    .option('--json', 'as JSON')
    .action(async (path: string, { json }: { json?: true }) => {
      const problems = await problemsOf(path);
      console.log(json ? JSON.stringify({ problems }, undefined, 2) : report(problems));
      if (problems.some(isError)) process.exitCode = 1;
    });
  flow
    .command('fmt <path>')
    .description('write the flow.json of a folder (or the file itself) in the one canonical form')
    .option('--check', 'change nothing; fail where the form is another')
    .action((path: string, { check }: { check?: true }) => format(path, check === true));
  addFlowRun(flow);
  addFlowTest(flow);
}

/** All problems of a flow on disk. */
async function problemsOf(path: string): Promise<readonly Problem[]> {
  const { packs } = await import('../main.ts');
  const { bundle, problems } = readFlow(path);
  if (!bundle) return problems;
  const evaluator = startEvaluator({ processes: 1 });
  try {
    const types = describeCatalogue(catalogueOf(packs));
    return [...problems, ...(await checkBundle(bundle, { types, evaluator }, 'command line'))];
  } finally {
    await evaluator.close();
  }
}

function report(problems: readonly Problem[]): string {
  if (problems.length === 0) return 'No problems.';
  return problems
    .map((problem) => `${problem.pointer || '/'}  ${isError(problem) ? '' : 'warning '}${sentence(problem)}`)
    .join('\n');
}

function sentence({ code, message, hint }: Problem): string {
  return `${code}: ${message}${hint ? ` ${hint}` : ''}`;
}

function format(path: string, check: boolean): void {
  const file = path.endsWith('.json') ? path : join(path, 'flow.json');
  const before = readNamedFile(file);
  const after = formatFlow(readJsonFile(file) as unknown as FlowDocument);
  if (check && before !== after)
    throw new MillraceError('NOT_FORMATTED', `${file} is not in canonical form; run millrace flow fmt.`);
  if (before !== after) writeFileSync(file, after);
  console.log(before === after ? `${file} is in canonical form.` : `${file} was formatted.`);
}
