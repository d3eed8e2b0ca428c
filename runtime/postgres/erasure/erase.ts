import { sql } from 'kysely';
import type { Wanted } from '../../erasure/person-key.ts';
import type { Tx } from '../database.ts';
import { forgetArchivedRuns } from '../history/forget-by-tenant.ts';
import { json } from '../json.ts';
import { giveUpPayloads } from '../payloads/give-up-payloads.ts';
import type { FoundRecord } from './find-records.ts';

/** How much belongs to runs and records. */
export interface Amounts {
  readonly steps: number;
  readonly signals: number;
  readonly deadLetters: number;
  readonly recordVersions: number;
}

export async function countParts(
  tx: Tx,
  { runs, records }: { readonly runs: readonly string[]; readonly records: readonly FoundRecord[] },
): Promise<Amounts> {
  const of = (view: string) =>
    sql`(select count(*) from millrace.${sql.raw(view)} where run_id = any(${runs}::uuid[]))`;
  const { rows } = await sql<Amounts>`
    select ${of('all_steps')} as steps, ${of('all_signals')} as signals, ${of('all_dead_letters')} as "deadLetters",
      (select count(*) from millrace.record_history where ${among(records)}) as "recordVersions"`.execute(tx);
  return rows[0] as Amounts;
}

/** Removes runs that have ended with all that belongs to them, live or archived. Answers which, since some may be in hand. */
export async function eraseRuns(tx: Tx, runs: readonly string[]): Promise<string[]> {
  const { rows: live } = await sql<{ id: string; ended: boolean }>`
    select id, finished_at is not null as ended from millrace.run where id = any(${runs}::uuid[]) order by id for update`.execute(
    tx,
  );
  const goingOn = new Set(live.filter(({ ended }) => !ended).map(({ id }) => id));
  const gone = runs.filter((run) => !goingOn.has(run));
  await eraseMemories(tx, gone);
  await giveUpPayloads(tx, gone);
  await sql`delete from millrace.run where id = any(${gone}::uuid[])`.execute(tx);
  await forgetArchivedRuns(tx, gone);
  return gone;
}

/** What outlives a run: what came for it, what it answered, what was told of it. */
async function eraseMemories(tx: Tx, runs: readonly string[]): Promise<void> {
  await sql`
    delete from millrace.mailbox where wait_id in (
      select id from millrace.all_waits where run_id = any(${runs}::uuid[]))`.execute(tx);
  for (const table of ['signal', 'run_answer', 'alert'])
    await sql`delete from millrace.${sql.raw(table)} where run_id = any(${runs}::uuid[])`.execute(tx);
}

/** Removes records with their history. */
export async function eraseRecords(tx: Tx, records: readonly FoundRecord[]): Promise<void> {
  for (const table of ['record_history', 'record'])
    await sql`delete from millrace.${sql.raw(table)} where ${among(records)}`.execute(tx);
}

/** Removes signals that belong to no run, and what is remembered of runs that are forgotten already. */
export async function eraseRemnants(tx: Tx, signals: readonly string[], { text, path, vars }: Wanted): Promise<void> {
  const holds = (column: string) => sql`millrace.holds(${sql.raw(column)}, ${path}::jsonpath, ${json(vars)}::jsonb)`;
  await sql`delete from millrace.signal where id = any(${signals}::uuid[])`.execute(tx);
  await sql`
    delete from millrace.run_answer
    where ${holds('body')} and not exists (select from millrace.run where run.id = run_answer.run_id)`.execute(tx);
  await sql`
    delete from millrace.mailbox where (key = ${text} or ${holds('detail')}) and not exists (
      select from millrace.wait where (wait.environment, wait.channel, wait.key, wait.state)
        = (mailbox.environment, mailbox.channel, mailbox.key, 'open'))`.execute(tx);
}

function among(records: readonly FoundRecord[]) {
  return sql`
    (environment, type, id) in (select environment, type, id from json_to_recordset(${JSON.stringify(records)}::json)
      as erased (environment text, type text, id text))`;
}
