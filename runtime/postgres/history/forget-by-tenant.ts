import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { giveUpPayloads } from '../payloads/give-up-payloads.ts';
import { deleteRuns } from './forget.ts';

const dayMs = 86_400_000;

/** Forgets archived runs that their tenants keep no longer, at most so many at once. Answers how many. */
export async function forgetOldRuns(tx: Tx, limit: number): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select run.id from millrace.retention cross join lateral (
      select id from millrace.archived_run
      where (tenant_id, environment) = (retention.tenant_id, retention.environment)
        and finished_at < millrace.now() - retention.run_days * interval '1 day' limit ${limit}) as run
    limit ${limit}`.execute(tx);
  await forgetArchivedRuns(
    tx,
    rows.map(({ id }) => id),
  );
  return rows.length;
}

/** With all that belongs to them, and what they hold in the payload store. */
export async function forgetArchivedRuns(tx: Tx, runs: readonly string[]): Promise<void> {
  if (runs.length === 0) return;
  await giveUpPayloads(tx, runs);
  await sql`select millrace.forget_archived_runs(${runs}::uuid[])`.execute(tx);
}

/**
 * Forgets live runs that their tenants keep no longer, whatever has kept them from the archive, unless what called them or
 * what they called still runs. Answers how many.
 */
export async function forgetOldLiveRuns(tx: Tx, limit: number): Promise<number> {
  const { rows } = await sql<{ id: string; days: number }>`
    select run.id, run_days as days from millrace.run join millrace.retention using (tenant_id, environment)
    where finished_at < millrace.now() - run_days * interval '1 day'
      and not exists (select from millrace.run as parent where parent.id = run.parent and parent.finished_at is null)
      and not exists (select from millrace.run as child where child.parent = run.id and child.finished_at is null)
    order by finished_at limit ${limit}`.execute(tx);
  let deleted = 0;
  for (const [days, alike] of Map.groupBy(rows, (row) => row.days)) {
    const ids = alike.map(({ id }) => id);
    deleted += await deleteRuns(tx, ids, days * dayMs);
  }
  return deleted;
}

/** Forgets what the steps of archived runs got and gave, with their signals and files. Answers of how many runs. */
export async function forgetOldSteps(tx: Tx, limit: number): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select run.id from millrace.retention cross join lateral (
      select id from millrace.archived_run
      where (tenant_id, environment) = (retention.tenant_id, retention.environment) and not steps_forgotten
        and finished_at < millrace.now() - retention.step_days * interval '1 day' limit ${limit}) as run
    limit ${limit}`.execute(tx);
  if (rows.length === 0) return 0;
  const runs = rows.map(({ id }) => id);
  await giveUpPayloads(tx, runs);
  await sql`select millrace.forget_archived_steps(${runs}::uuid[])`.execute(tx);
  return rows.length;
}

/** Tenants that do not keep their audit for good. */
export async function tenantsCuttingAudit(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select tenant_id as id from millrace.audit_retention where days is not null order by 1`.execute(tx);
  return rows.map(({ id }) => id);
}

/** Cuts off what of a tenant's audit it keeps no longer. Answers the position of the last entry that went, or 0. */
export async function cutAudit(tx: Tx, tenant: string): Promise<number> {
  const { rows } = await sql<{ position: number }>`select millrace.cut_audit(${tenant}) as position`.execute(tx);
  return rows[0]?.position ?? 0;
}
