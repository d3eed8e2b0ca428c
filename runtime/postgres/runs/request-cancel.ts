import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { WakeUp } from './wake-up.ts';

/**
 * Asks runs that have not ended, and the runs that they called, to end as cancelled; those that are held back as well.
 * Answers whom it asked: none if there is no such run.
 */
export async function requestCancel(tx: Tx, runs: readonly string[]): Promise<WakeUp[]> {
  if (runs.length === 0) return [];
  const { rows } = await sql<WakeUp>`
    with recursive family (id) as (
      select unnest(${runs}::uuid[])
      union
      select run.id from millrace.run join family on run.parent = family.id
    )
    update millrace.run set cancel = true, held = false, wake = wake + 1, status = 'running'
    where id in (
      select id from millrace.run where id in (select id from family) and status in ('running', 'waiting')
      order by id for update)
    returning id as run, tenant_id as tenant`.execute(tx);
  return rows;
}
