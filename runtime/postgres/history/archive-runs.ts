import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import { goByIndexes, type OverRun } from './find-over.ts';

/** Columns that go into the archive, by table. A test sees to it that every other one is left out on purpose. */
export const archivedColumns = {
  run: `id, tenant_id, environment, flow_id, version, parameters, connections, trigger_node, trigger, source, status,
    origin, generation, parent, started_at, finished_at, error, output`,
  step: `run_id, key, tenant_id, node, seq, status, attempts, started_at, finished_at, port, input, output, error,
    next_retry_at, input_from, passes_on`,
  wait: `id, tenant_id, environment, run_id, step, channel, key, state, detail, opened_at, due_at, expires_at,
    overdue_since, closed_at`,
  signal: `id, tenant_id, environment, channel, key, source, fingerprint, payload, state, reason, wait_id, run_id,
    received_at`,
  dead_letter: `run_id, tenant_id, environment, flow_id, category, code, message, step, state, at, settled_at,
    settled_by, note`,
} as const;

/**
 * Moves runs with all that belongs to them into the archive, whose parts must be there; those that somebody holds, or
 * that have gone on in the meantime, stay. Answers how many went.
 */
export async function archiveRuns(tx: Tx, runs: readonly OverRun[], olderThanMs: number): Promise<number> {
  await goByIndexes(tx);
  const held = await hold(tx, runs, olderThanMs);
  const over = runs.filter(({ run }) => held.has(run));
  if (over.length === 0) return 0;
  await remember(tx, over);
  // What came late or twice is offered to other waits, and has a time of its own.
  await move(tx, 'signal', over, sql`and moving.state in ('accepted', 'rejected')`);
  await move(tx, 'wait', over);
  await move(tx, 'step', over);
  await move(tx, 'dead_letter', over);
  await moveRuns(tx, over);
  return over.length;
}

/** Whoever lets a run go on locks its row as well. */
async function hold(tx: Tx, runs: readonly OverRun[], olderThanMs: number): Promise<ReadonlySet<string>> {
  const { rows: held } = await sql<{ id: string }>`
    select id from millrace.run
    where id = any(${runs.map(({ run }) => run)}::uuid[])
      and finished_at < millrace.now() - ${olderThanMs} * interval '1 ms'
    order by id for update skip locked`.execute(tx);
  return new Set(held.map(({ id }) => id));
}

/** The mailboxes remember what was waited for and what came for it. */
async function remember(tx: Tx, over: readonly OverRun[]): Promise<void> {
  await sql`
    insert into millrace.mailbox (tenant_id, environment, channel, key, wait_id, detail, fingerprints)
    select tenant_id, environment, channel, key, id, detail, array(
      select fingerprint from millrace.signal
      where signal.run_id = wait.run_id and signal.wait_id = wait.id and signal.state in ('accepted', 'rejected'))
    from millrace.wait where run_id = any(${over.map(({ run }) => run)}::uuid[])`.execute(tx);
}

async function move(
  tx: Tx,
  table: Exclude<keyof typeof archivedColumns, 'run'>,
  over: readonly OverRun[],
  condition: RawBuilder<unknown> = sql``,
): Promise<void> {
  const columns = sql.raw(archivedColumns[table]);
  await sql`
    with over as (
      select run, retention, run.finished_at as run_finished_at
      from json_to_recordset(${rows(over)}) as new (run uuid, retention text)
      join millrace.run on run.id = new.run
    ), moved as (
      delete from millrace.${sql.raw(table)} as moving using over where moving.run_id = over.run ${condition}
      returning over.retention, over.run_finished_at, moving.*
    )
    insert into millrace.${sql.raw(`archived_${table}`)} (retention, run_finished_at, ${columns})
    select retention, run_finished_at, ${columns} from moved`.execute(tx);
}

async function moveRuns(tx: Tx, over: readonly OverRun[]): Promise<void> {
  const columns = sql.raw(archivedColumns.run);
  await sql`
    with over as (
      select * from json_to_recordset(${rows(over)}) as new (run uuid, retention text)
    ), moved as (
      delete from millrace.run using over where run.id = over.run returning over.retention, run.*
    )
    insert into millrace.archived_run (retention, ${columns}) select retention, ${columns} from moved`.execute(tx);
}
