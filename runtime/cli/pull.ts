import { existsSync } from 'node:fs';
import { type JsonObject, MillraceError } from '@millrace/contract';
import type { Command } from 'commander';
import { isSelected } from '../configuration/configuration.ts';
import { watchedDigest } from '../configuration/conflicts.ts';
import { readParts, readSettings, writeParts } from '../configuration/folder/folder.ts';
import { noteSeen, seenBy } from '../configuration/folder/seen.ts';
import { partOf } from '../configuration/kinds.ts';
import { type SourceOptions, sourceFrom, withSource } from './configuration-source.ts';
import { collect } from './name-value.ts';

interface Options extends SourceOptions {
  readonly only: readonly string[];
  readonly overwrite?: true;
}

const help = `
What is gone in the tenant goes from the folder; files of others stay. A path that ends with .json is one file instead.
  millrace pull acme --server https://flows.example.com
  millrace pull orders --only flows/orders --only deployments/production/orders
Secrets are nowhere in it. A folder remembers its selection.`;

/** `millrace pull`: a tenant's configuration as a folder, for git. */
export function addPull(program: Command): void {
  withSource(program.command('pull <folder>'))
    .description('write what a tenant has set up into a folder, always the same bytes for the same configuration')
    .option('--only <part>', 'only this part, or all parts that begin so; may be given again', collect, [])
    .option('--overwrite', 'even what was changed in the folder and neither pushed nor committed')
    .addHelpText('after', help)
    .action(pull);
}

async function pull(folder: string, { only: named, overwrite, ...options }: Options): Promise<void> {
  const only = named.length > 0 ? named : (readSettings(folder)?.only ?? []);
  const parts = await sourceFrom(options).read(only);
  if (!overwrite && existsSync(folder)) refuseLoss(folder, parts, only);
  writeParts(folder, parts, { only });
  noteSeen(folder, parts);
  console.log(`${Object.keys(parts).length} parts in ${folder}.`);
}

/** What is in the folder, and nowhere else, would be lost. */
function refuseLoss(folder: string, parts: JsonObject, only: readonly string[]): void {
  const { parts: here, problems } = readParts(folder);
  const seen = seenBy(folder);
  const own = Object.entries(here).filter(([part, value]) => {
    const digest = watchedDigest(partOf(part).kind, value);
    const there = parts[part];
    const isSame = there !== undefined && watchedDigest(partOf(part).kind, there) === digest;
    return isSelected(part, only) && !isSame && !seen.has(part, digest);
  });
  const names = [...own.map(([part]) => part), ...problems.map(({ pointer }) => pointer)];
  if (names.length === 0) return;
  const message = `These were changed here and neither pushed nor committed: ${names.join(', ')}. Commit them, or pull with --overwrite.`;
  throw new MillraceError('LOCAL_CHANGES', message);
}
