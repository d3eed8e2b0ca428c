import type { Command } from 'commander';
import { type SourceOptions, sourceFrom, withSource } from './configuration-source.ts';
import { printPlan } from './print-plan.ts';
import { pushedParts } from './push.ts';

/** `millrace diff`: what makes a folder another configuration than the tenant's. */
export function addDiff(program: Command): void {
  withSource(program.command('diff <folder>'))
    .description('tell in sentences what a push of the folder would change; the exit code is 1 when it is something')
    .action(diff);
}

async function diff(folder: string, options: SourceOptions): Promise<void> {
  const { push } = pushedParts(folder, {});
  const plan = await sourceFrom(options).plan(push);
  printPlan({ ...plan, conflicts: [], problems: [] }, push.parts);
  if (plan.changes.length > 0) process.exitCode = 1;
}
