import { MillraceError } from '@millrace/contract';
import type { Command } from 'commander';
import { exportAudit } from '../audit/export.ts';
import { type Head, verifyAudit } from '../audit/verify.ts';
import { atTenantData } from './at-database.ts';

interface Options {
  readonly tenant: string;
}
interface Verifying extends Options {
  readonly head?: Head;
}
interface Exporting extends Options {
  readonly csv?: true;
  readonly jsonl?: true;
  readonly action?: string;
  readonly from?: Date;
  readonly to?: Date;
}

/** `millrace audit …`: who has changed what, and whether the record of it is whole. */
export function addAudit(program: Command): void {
  const audit = program.command('audit').description('who has changed what, and whether the record of it is whole');
  const add = (usage: string, description: string) =>
    audit.command(usage).description(description).option('--tenant <slug>', 'whose audit', 'demo');

  add('verify', 'look whether any entry was changed, taken out or put in; prints the head, to be noted down elsewhere')
    .option('--head <position:hash>', 'a head noted down earlier: the audit must still contain it', headFrom)
    .action((options: Verifying) => verify(options));
  add('export', 'all entries, oldest first, on standard output')
    .option('--csv', 'as CSV')
    .option('--jsonl', 'as JSON lines')
    .option('--action <name>', 'only of this action')
    .option('--from <time>', 'only from this time on (ISO 8601)', timeFrom)
    .option('--to <time>', 'only before this time', timeFrom)
    .action((options: Exporting) => write(options));
}

async function verify({ tenant, head: known }: Verifying): Promise<void> {
  const verdict = await atTenantData(tenant, ({ database, id }) => verifyAudit(database, id, known));
  if (!verdict.ok)
    throw new MillraceError('AUDIT_BROKEN', `From entry ${verdict.position} on: ${verdict.reason}.`, {
      pointer: `/${verdict.position}`,
    });
  const { position, hash } = verdict.head;
  console.log(`${position} entries, each as it was written. Head: ${position}:${hash}`);
}

async function write({ tenant, csv, jsonl, ...filter }: Exporting): Promise<void> {
  if (csv === jsonl) throw new MillraceError('OPTION_INVALID', 'Say either --csv or --jsonl.');
  await atTenantData(tenant, ({ database, id }) => print(exportAudit(database, id, csv ? 'csv' : 'jsonl', filter)));
}

async function print(pieces: AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces)
    await new Promise<void>((resolve, reject) =>
      process.stdout.write(piece, (error) => (error ? reject(error) : resolve())),
    );
}

function headFrom(text: string): Head {
  const [, position, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (position !== undefined && hash !== undefined) return { position: Number(position), hash };
  throw new MillraceError('OPTION_INVALID', '--head takes what “audit verify” has printed: position:hash.');
}

function timeFrom(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw new MillraceError('OPTION_INVALID', `A time is written 2026-03-31T08:00:00Z, not “${text}”.`);
  return time;
}
