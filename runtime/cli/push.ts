import { isError, MillraceError } from '@millrace/contract';
import { type Command, Option } from 'commander';
import { isSelected } from '../configuration/configuration.ts';
import { readParts, readSettings } from '../configuration/folder/folder.ts';
import { noteSeen, type Seen, seenBy } from '../configuration/folder/seen.ts';
import { type PushedParts, type SourceOptions, sourceFrom, type ToldPlan, withSource } from './configuration-source.ts';
import { printPlan, printProblems } from './print-plan.ts';

interface Options extends SourceOptions {
  readonly plan?: true;
  readonly prune?: true;
  readonly overwrite?: true;
  readonly deploy?: 'sandbox' | 'production';
}

const help = `
All or nothing, in one transaction. What somebody has changed in the tenant meanwhile, and is neither what was pulled here last
nor anywhere in the folder's git history, is a conflict; in CI, check out the whole history.
  millrace push acme --plan
  millrace push acme --server https://flows.example.com --deploy sandbox`;

/** `millrace push`: makes a tenant's configuration what a folder says. */
export function addPush(program: Command): void {
  withSource(program.command('push <folder>'))
    .description("make a tenant's configuration what the folder says, all or nothing")
    .option('--plan', 'only tell what would be done')
    .option('--prune', 'also remove what the folder lacks')
    .option('--overwrite', 'also what somebody has changed in the tenant meanwhile')
    .addOption(
      new Option('--deploy <environment>', 'let the flows of the folder serve there, as they are now').choices([
        'sandbox',
        'production',
      ]),
    )
    .addHelpText('after', help)
    .action(push);
}

async function push(folder: string, options: Options): Promise<void> {
  const { push: pushed, seen } = pushedParts(folder, options);
  const source = sourceFrom(options);
  const first = await source.plan(pushed);
  const wanted = withKnown(pushed, first, seen, options.overwrite === true);
  const plan = wanted === pushed ? first : await source.plan(wanted);
  printPlan(plan, wanted.parts);
  if (plan.conflicts.length > 0 || plan.problems.some(isError)) throw refused(plan);
  if (options.plan) return;
  if (plan.changes.length > 0) await source.push(wanted);
  noteSeen(folder, wanted.parts);
}

/** What a folder says is to be; @throws {MillraceError} `FOLDER_UNREADABLE` after all that is wrong with it was told */
export function pushedParts(
  folder: string,
  { prune, deploy }: Pick<Options, 'prune' | 'deploy'>,
): { readonly push: PushedParts; readonly seen: Seen } {
  const only = readSettings(folder)?.only ?? [];
  const { parts: all, problems } = readParts(folder);
  if (problems.length > 0) {
    printProblems(problems, {});
    throw new MillraceError('FOLDER_UNREADABLE', `${folder} cannot be read as a configuration.`);
  }
  const parts = Object.fromEntries(Object.entries(all).filter(([part]) => isSelected(part, only)));
  const seen = seenBy(folder);
  return { push: { parts, only, prune: prune === true, deploy, known: seen.noted }, seen };
}

/** What is a conflict only because it was not noted, but is in git's history of the folder, is known too. */
function withKnown(push: PushedParts, { conflicts }: ToldPlan, seen: Seen, overwrite: boolean): PushedParts {
  const known = conflicts.filter(({ part, digest }) => overwrite || seen.has(part, digest));
  if (known.length === 0) return push;
  return {
    ...push,
    known: { ...push.known, ...Object.fromEntries(known.map(({ part, digest }) => [part, [digest]])) },
  };
}

function refused({ conflicts, problems }: ToldPlan): MillraceError {
  if (problems.some(isError))
    return new MillraceError('CONFIGURATION_INVALID', 'The configuration has problems; nothing was changed.');
  const message = `${conflicts.length === 1 ? 'A part was' : `${conflicts.length} parts were`} changed in the tenant; pull and merge first. Nothing was changed.`;
  return new MillraceError('CONFIGURATION_CONFLICT', message);
}
