import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { WakeUp } from '../runs/find-ready.ts';

/**
 * Makes the runs ready that have due timers, and marks those timers, so that they wake only once. Scanner's transaction.
 * Locks the run before its timers, as a commit does.
 */
export async function fireTimers(tx: Tx, limit: number): Promise<WakeUp[]> {
  const due = await sql<{ id: string; run_id: string }>`
    select id, run_id from millrace.timer
    where not fired and due_at <= millrace.now() order by due_at limit ${limit}`.execute(tx);
  if (due.rows.length === 0) return [];
  const woken = await sql<WakeUp>`
    update millrace.run set wake = wake + 1, status = 'running'
    where id in (
      select id from millrace.run where id = any(${due.rows.map((timer) => timer.run_id)}::uuid[]) and status in ('running', 'waiting')
      order by id for update)
    returning id as run, tenant_id as tenant`.execute(tx);
  await sql`
    update millrace.timer set fired = true where id = any(${due.rows.map((timer) => timer.id)}::uuid[])`.execute(tx);
  return woken.rows;
}
