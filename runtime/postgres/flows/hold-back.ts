import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/**
 * Holds back ready runs of paused flows, so that who looks for ready runs does not find them again and again. Only the
 * oldest of a tenant are looked at: the others stand in nobody's way. Answers how many it were. Scanner's transaction; by
 * index.
 * @param limit runs of a tenant that are looked at
 */
export async function holdBack(tx: Tx, limit: number): Promise<number> {
  const { rows } = await sql`
    with paused as (
      select tenant_id, environment, flow_id from millrace.deployment where paused_at is not null
    ), oldest as (
      select run.* from (select distinct tenant_id from paused) as tenant cross join lateral (
        select id, tenant_id, environment, flow_id from millrace.run
        where status = 'running' and lease_until is null and not held and tenant_id = tenant.tenant_id
        order by id limit ${limit}) as run
    ), locked as (
      select id from millrace.run
      where id = any(array(select id from oldest where (tenant_id, environment, flow_id) in (select * from paused)))
        and status = 'running' and lease_until is null and not held and not cancel
      for update skip locked
    )
    update millrace.run set held = true where id = any(array(select id from locked))
    returning id`.execute(tx);
  return rows.length;
}
