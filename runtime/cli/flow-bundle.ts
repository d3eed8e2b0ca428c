import { canonicalJson } from '@millrace/flow';
import type { Command } from 'commander';
import { readWholeFlow } from '../flows/folder.ts';

/** `millrace flow bundle`: a folder as the one document that the API and the studio import. */
export function addFlowBundle(flow: Command): void {
  flow
    .command('bundle <path>')
    .description('print a flow with its layout, samples, tests and record types as one JSON document, to be imported')
    .action((path: string) => console.log(canonicalJson(readWholeFlow(path))));
}
