import { writeFileSync } from 'node:fs';
import { type Json, MillraceError, writeJson } from '@millrace/contract';
import type { Command } from 'commander';
import { listDeadLetters, openDeadLetters } from '../postgres/queries/list-dead-letters.ts';
import { listRuns } from '../postgres/queries/list-runs.ts';
import { cancelRun, redriveFailed } from '../runs/asked-for.ts';
import { atTenantData } from './at-database.ts';
import { atTenant } from './at-tenant.ts';
import { printRow } from './print-row.ts';
import { readJsonFile } from './read-json-file.ts';

interface Tenancy {
  /** Slug. */
  readonly tenant: string;
}
interface Listing extends Tenancy {
  readonly status?: string;
  readonly flow?: string;
  readonly limit: number;
}
interface Redriving extends Tenancy {
  readonly all?: true;
  readonly flow?: string;
}
interface Replaying extends Tenancy {
  readonly from: string;
  readonly input?: string;
}

const who = 'the command line';
const statuses = ['running', 'waiting', 'succeeded', 'failed', 'cancelled'];
const mostAtOnce = 1000;

/** `millrace run …`: look at runs, and set them going again. They are carried on by the servers over the same database. */
export function addRun(program: Command): void {
  const run = program.command('run').description('look at runs, end them, and set them going again');
  const add = (usage: string, description: string) =>
    run.command(usage).description(description).option('--tenant <slug>', 'whose runs', 'demo');
  const addList = (usage: string, description: string) =>
    add(usage, description)
      .option('--flow <id>', 'of this flow only')
      .option('--limit <count>', 'at most so many', countFrom, 50);

  addList('list', 'runs, newest first')
    .option('--status <status>', `only these: ${statuses.join(', ')}`, statusFrom)
    .action((options: Listing) => list(options));
  add('show <id>', 'what has happened in a run').action((id: string, options: Tenancy) => show(id, options));
  add('cancel <id>', 'end a run before its next step').action((id: string, options: Tenancy) => cancel(id, options));
  add('redrive [ids...]', 'let failed runs go on from where they failed')
    .option('--all', `all failed runs that nobody has dealt with, ${mostAtOnce} at most`)
    .option('--flow <id>', 'with --all: of this flow only')
    .action((ids: string[], options: Redriving) => redrive(ids, options));
  add('replay <id>', 'run again from a step, as a new run')
    .requiredOption('--from <step>', 'key of the step to begin with')
    .option('--input <file>', 'JSON file with another input for the step; - reads standard input')
    .action((id: string, options: Replaying) => replay(id, options));
  add('test <id>', 'make a test of a run that has ended; printed, or written as a new file')
    .option('--into <file>', 'such as flows/orders/tests/refused.json')
    .action(asTest);
  addList('dead-letters', 'failed runs that nobody has dealt with').action((options: Listing) => deadLetters(options));
}

async function list({ tenant, ...filter }: Listing): Promise<void> {
  const runs = await atTenantData(tenant, ({ work, id }) => work((tx) => listRuns(tx, id, filter)));
  for (const { id, startedAt, status, flowId, error } of runs)
    printRow(id, startedAt, status, flowId, error?.code ?? '');
}

async function asTest(run: string, { tenant, into }: Tenancy & { readonly into?: string }): Promise<void> {
  const { testOfRun } = await import('../flow-tests/from-run/test-of-run.ts');
  const test = await atTenant(tenant, ({ foundation, id }) => testOfRun(foundation, id, uuidOf(run)));
  const text = writeJson(test as unknown as Json, 2);
  if (into === undefined) console.log(text);
  else writeNewFile(into, `${text}\n`);
}

/** What is there may be somebody's work. */
function writeNewFile(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    throw new MillraceError('FILE_UNWRITABLE', `${file} cannot be written, or is there already.`, { cause });
  }
}

async function deadLetters({ tenant, ...filter }: Listing): Promise<void> {
  const open = { ...filter, state: 'open' } as const;
  const letters = await atTenantData(tenant, ({ work, id }) => work((tx) => listDeadLetters(tx, id, open)));
  for (const { runId, at, code, flowId, step, message } of letters)
    printRow(runId, at, code, flowId, step ?? '', message);
}

async function show(run: string, { tenant }: Tenancy): Promise<void> {
  const { readRun } = await import('../runs/read-run.ts');
  const story = await atTenantData(tenant, ({ work, id }) => work((tx) => readRun(tx, id, uuidOf(run))));
  if (!story) throw noRun(run);
  const { flowName, status, output, error } = story.run;
  console.log(`${status}: run ${run} of “${flowName}”`);
  for (const { at, text } of story.timeline) console.log(`${at}  ${text}`);
  for (const { key, status: how, attempts } of story.steps) printRow(key, how, `attempts: ${attempts}`);
  if (error) console.log(`${error.code}: ${error.message}`);
  if (status === 'succeeded') console.log(writeJson(output, 2));
}

async function cancel(run: string, { tenant }: Tenancy): Promise<void> {
  const asked = await atTenantData(tenant, ({ work, id }) => work((tx) => cancelRun(tx, id, uuidOf(run))));
  if (asked.length === 0) throw new MillraceError('NOT_FOUND', `No run ${run} is there that has not ended yet.`);
  console.log(`Run ${run} ends before its next step.`);
}

async function redrive(ids: readonly string[], { tenant, all, flow }: Redriving): Promise<void> {
  if (ids.length > 0 === (all === true) || (flow !== undefined && !all))
    throw new MillraceError('OPTION_INVALID', 'Name the runs, or say --all, to which --flow may be added.');
  const ready = await atTenantData(tenant, ({ work, id }) =>
    work(async (tx) => {
      const filter = flow === undefined ? {} : { flow };
      const runs = all ? await openDeadLetters(tx, id, filter, mostAtOnce) : ids.map(uuidOf);
      return redriveFailed(tx, id, runs, who);
    }),
  );
  console.log(`${ready.length} ${ready.length === 1 ? 'run goes' : 'runs go'} on.`);
  if (ready.length < ids.length) throw new MillraceError('NOT_FAILED', 'The others have not failed, or do not exist.');
}

async function replay(run: string, { tenant, from, input }: Replaying): Promise<void> {
  const { prepareReplay } = await import('../runs/replay-run.ts');
  const edited: { input?: Json } = input === undefined ? {} : { input: readJsonFile(input) };
  const ready = await atTenant(tenant, async ({ foundation, work, id }) => {
    const prepared = await prepareReplay(foundation, { tenant: id, run: uuidOf(run), from, by: who, ...edited });
    return work((tx) => prepared.store(tx));
  });
  console.log(ready.run);
}

function countFrom(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new MillraceError('OPTION_INVALID', `--limit takes a number from 1 to 9999, not “${text}”.`);
}

function statusFrom(text: string): string {
  if (statuses.includes(text)) return text;
  throw new MillraceError('OPTION_INVALID', `--status takes ${statuses.join(', ')}, not “${text}”.`);
}

function uuidOf(run: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(run)) return run;
  throw noRun(run);
}

function noRun(run: string): MillraceError {
  return new MillraceError('NOT_FOUND', `There is no run ${run}.`, { category: 'not-found' });
}
