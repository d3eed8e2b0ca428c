import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { WakeUp } from '../queue.ts';

/** Runs that want to go on and whose lease has run out: their worker is dead, or never took them. Scanner's transaction. */
export async function findAbandoned(tx: Tx, limit: number): Promise<WakeUp[]> {
  const { rows } = await sql<WakeUp>`
    select id as run, tenant_id as tenant from millrace.run
    where status = 'running' and (lease_until < millrace.now() or lease_until is null)
    order by lease_until limit ${limit}`.execute(tx);
  return rows;
}
