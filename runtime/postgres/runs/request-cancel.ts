import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { WakeUp } from './wake-up.ts';

/**
 * Asks a run that has not ended, and the runs that it called, to end as cancelled; one that is held back as well. Answers
 * those: none if there is no such run.
 */
export async function requestCancel(tx: Tx, run: string): Promise<WakeUp[]> {
  const { rows } = await sql<WakeUp>`
    with recursive family (id) as (
      select ${run}::uuid
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
