import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { WakeUp } from '../queue.ts';

/**
 * Runs that are ready and that nobody holds: their worker is dead, or whoever was woken for them is. Scanner's
 * transaction.
 */
export async function findAbandoned(tx: Tx, limit: number): Promise<WakeUp[]> {
  const { rows } = await sql<WakeUp>`
    select id as run, tenant_id as tenant from millrace.run
    where status = 'running' and (lease_until is null or lease_until <= millrace.now())
    order by lease_until nulls first limit ${limit}`.execute(tx);
  return rows;
}
