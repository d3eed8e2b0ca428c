import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { OverRun } from './find-over.ts';
import type { RetentionClass } from './retention.ts';

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
  const held = await hold(tx, runs, olderThanMs);
  const over = Map.groupBy(
    runs.filter(({ run }) => held.has(run)),
    ({ retention }) => retention,
  );
  for (const [retention, alike] of over) {
    const ids = alike.map(({ run }) => run);
    await remember(tx, ids);
    // What came late or twice is offered to other waits, and has a time of its own.
    await moveOf(tx, ids, 'signal', retention, sql`and state in ('accepted', 'rejected')`);
    for (const table of ['wait', 'step', 'dead_letter'] as const) await moveOf(tx, ids, table, retention);
    await moveRuns(tx, ids, retention);
  }
  return held.size;
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
async function remember(tx: Tx, runs: readonly string[]): Promise<void> {
  await sql`
    insert into millrace.mailbox (tenant_id, environment, channel, key, wait_id, detail)
    select tenant_id, environment, channel, key, id, detail
    from millrace.wait where run_id = any(${runs}::uuid[])`.execute(tx);
  await sql`
    insert into millrace.mailbox_signal (tenant_id, environment, channel, key, fingerprint)
    select distinct wait.tenant_id, wait.environment, wait.channel, wait.key, fingerprint
    from millrace.wait join millrace.signal on signal.run_id = wait.run_id and signal.wait_id = wait.id
    where wait.run_id = any(${runs}::uuid[]) and signal.state in ('accepted', 'rejected')
    order by 1, 2, 3, 4, 5
    on conflict (tenant_id, environment, channel, key, fingerprint) do update set at = excluded.at`.execute(tx);
}

/** Moves what belongs to runs; those go last. */
async function moveOf(
  tx: Tx,
  runs: readonly string[],
  table: Exclude<keyof typeof archivedColumns, 'run'>,
  retention: RetentionClass,
  condition: RawBuilder<unknown> = sql``,
): Promise<void> {
  const columns = sql.raw(archivedColumns[table]);
  await sql`
    with moved as (
      delete from millrace.${sql.raw(table)} where run_id = any(${runs}::uuid[]) ${condition} returning *
    )
    insert into millrace.${sql.raw(`archived_${table}`)} (retention, run_finished_at, ${columns})
    select ${retention}, (select finished_at from millrace.run where id = moved.run_id), ${columns} from moved`.execute(
    tx,
  );
}

async function moveRuns(tx: Tx, runs: readonly string[], retention: RetentionClass): Promise<void> {
  const columns = sql.raw(archivedColumns.run);
  await sql`
    with moved as (
      delete from millrace.run where id = any(${runs}::uuid[]) returning *
    )
    insert into millrace.archived_run (retention, ${columns}) select ${retention}, ${columns} from moved`.execute(tx);
}
