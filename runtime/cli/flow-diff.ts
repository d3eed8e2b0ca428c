import { type Change, difference, sentenceOf } from '@millrace/flow';
import type { Command } from 'commander';
import { readWholeFlow } from '../flows/folder.ts';

const help = `
Each change is told with its JSON Pointer into the flow's bundle, in which edges, the lines of field maps and other items with
a name are named by that. Where the boxes stand does not count. The exit code is 1 when the flows differ.`;

/** `millrace flow diff`: what makes one flow another. */
export function addFlowDiff(flow: Command): void {
  flow
    .command('diff <before> <after>')
    .description('list what is different between two flows (folders, bundles or files flow.json)')
    .option('--json', 'as JSON')
    .addHelpText('after', help)
    .action((before: string, after: string, { json }: { json?: true }) => {
      const changes = difference(readWholeFlow(before), readWholeFlow(after));
      console.log(json ? JSON.stringify({ changes }, undefined, 2) : report(changes));
      if (changes.length > 0) process.exitCode = 1;
    });
}

function report(changes: readonly Change[]): string {
  if (changes.length === 0) return 'No difference.';
  return changes.map((change) => `${change.pointer || '/'}  ${sentenceOf(change)}`).join('\n');
}
