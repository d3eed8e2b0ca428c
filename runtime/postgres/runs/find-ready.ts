import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** A run that somebody should look at. */
export interface WakeUp {
  readonly run: string;
  readonly tenant: string;
}

/**
 * Runs that are ready and that nobody holds: tenant by tenant in turn, oldest first, so that nobody waits behind
 * another's backlog; and those whose worker is dead. Scanner's transaction.
 */
export async function findReady(tx: Tx, limit: number): Promise<WakeUp[]> {
  // The tenants are found by jumps over the index, one a tenant, however many runs are ready.
  const { rows } = await sql<WakeUp>`
    with recursive waiting (tenant) as (
      (select tenant_id from millrace.run
       where status = 'running' and lease_until is null and not held order by tenant_id limit 1)
      union all
      select (select tenant_id from millrace.run
              where status = 'running' and lease_until is null and not held and tenant_id > waiting.tenant
              order by tenant_id limit 1)
      from waiting where tenant is not null
    ), ready as (
      select mine.id, waiting.tenant, row_number() over (partition by waiting.tenant order by mine.id) as turn
      from waiting cross join lateral (
        select id from millrace.run
        where status = 'running' and lease_until is null and not held and tenant_id = waiting.tenant
        order by id limit ${limit}) as mine
      where waiting.tenant is not null
    ), orphaned as (
      select id, tenant_id as tenant from millrace.run
      where status = 'running' and lease_until <= millrace.now() and not held order by lease_until limit ${limit}
    )
    select id as run, tenant from (
      select id, tenant, 0 as turn from orphaned union all select id, tenant, turn from ready) as found
    order by turn, id limit ${limit}`.execute(tx);
  return rows;
}
