import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MillraceError } from '@millrace/contract';
import { type FlowDocument, formatFlow } from '@millrace/flow';
import type { Command } from 'commander';
import { addFlowBundle } from './flow-bundle.ts';
import { addFlowDiff } from './flow-diff.ts';
import { addFlowMerge } from './flow-merge.ts';
import { addFlowRun } from './flow-run.ts';
import { addFlowTest } from './flow-test.ts';
import { addFlowValidate } from './flow-validate.ts';
import { readJsonFile, readNamedFile } from './read-json-file.ts';

/** `millrace flow …`: work on flows as files. */
export function addFlow(program: Command): void {
  const flow = program.command('flow').description('validate, format, bundle, compare, merge, run and test flows');
  addFlowValidate(flow);
  flow
    .command('fmt <path>')
    .description('write the flow.json of a folder (or the file itself) in the one canonical form')
    .option('--check', 'change nothing; fail where the form is another')
    .action((path: string, { check }: { check?: true }) => format(path, check === true));
  addFlowBundle(flow);
  addFlowDiff(flow);
  addFlowMerge(flow);
  addFlowRun(flow);
  addFlowTest(flow);
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
