import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/**
 * Lets runs go on that are held back although their flow is not paused: it was resumed, or was so in the very instant in
 * which they were stored. The flows are found by jumps over the index, one a flow, however many runs are held. Answers
 * how many it were. Scanner's transaction; by index.
 */
export async function letGo(tx: Tx, limit: number): Promise<number> {
  const { rows } = await sql`
    with recursive flow (tenant_id, environment, flow_id) as (
      (select tenant_id, environment, flow_id from millrace.run
       where held and status in ('running', 'waiting') order by tenant_id, environment, flow_id limit 1)
      union all
      select next.* from flow cross join lateral (
        select tenant_id, environment, flow_id from millrace.run
        where held and status in ('running', 'waiting')
          and (tenant_id, environment, flow_id) > (flow.tenant_id, flow.environment, flow.flow_id)
        order by tenant_id, environment, flow_id limit 1) as next
    ), resumed as (
      select * from flow where (tenant_id, environment, flow_id) not in (
        select tenant_id, environment, flow_id from millrace.deployment where paused_at is not null)
    ), locked as (
      select run.id from resumed join millrace.run using (tenant_id, environment, flow_id)
      where held and status in ('running', 'waiting') limit ${limit} for update of run skip locked
    )
    update millrace.run set held = false where id = any(array(select id from locked))
    returning id`.execute(tx);
  return rows.length;
}
