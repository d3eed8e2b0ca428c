import { type Conflict, merge } from '@millrace/flow';
import type { Command } from 'commander';
import { readWholeFlow, writeFolder } from '../flows/folder.ts';
import { toldConflict } from './told-conflict.ts';

interface Options {
  readonly output?: string;
  readonly json?: true;
}

const help = `
What one side has changed is taken. What both have changed differently is a conflict: it is listed with what it was and what
the two made of it, the merged flow has what is mine there, and the exit code is 1. Without --output nothing is written. What
is wrong with the combination itself, millrace flow validate says of the merged folder.`;

/** `millrace flow merge`: what two sides have made of the same flow, in one. */
export function addFlowMerge(flow: Command): void {
  flow
    .command('merge <base> <mine> <theirs>')
    .description('merge two changed forms of a flow (folders, bundles or files flow.json)')
    .option('-o, --output <folder>', 'write the merged flow into a new folder')
    .option('--json', 'the merged bundle and the conflicts as JSON')
    .addHelpText('after', help)
    .action((base: string, mine: string, theirs: string, { output, json }: Options) => {
      const merged = merge(readWholeFlow(base), readWholeFlow(mine), readWholeFlow(theirs));
      if (output !== undefined) writeFolder(output, merged.bundle);
      console.log(json ? JSON.stringify(merged, undefined, 2) : report(merged.conflicts, output));
      if (merged.conflicts.length > 0) process.exitCode = 1;
    });
}

function report(conflicts: readonly Conflict[], output: string | undefined): string {
  const written = output === undefined ? [] : [`Written to ${output}.`];
  if (conflicts.length === 0) return ['No conflicts.', ...written].join('\n');
  return [...conflicts.map(toldConflict), ...written].join('\n');
}
