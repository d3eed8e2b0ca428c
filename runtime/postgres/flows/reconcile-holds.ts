import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/**
 * What is held back although its flow is not paused goes on, and the other way round: a run may be stored, or fail, in the
 * very instant in which its flow is paused or resumed. Answers how many now go on. Scanner's transaction.
 */
export async function reconcileHolds(tx: Tx, limit: number): Promise<number> {
  const { rows } = await sql<{ held: boolean }>`
    with paused as (
      select tenant_id, environment, flow_id from millrace.deployment where paused_at is not null
    ), wrong as (
      (select id from millrace.run
       where held and status in ('running', 'waiting')
         and (cancel or (tenant_id, environment, flow_id) not in (select * from paused))
       limit ${limit})
      union all
      (select run.id from millrace.run join paused using (tenant_id, environment, flow_id)
       where not held and not cancel and status in ('running', 'waiting')
       limit ${limit})
    )
    update millrace.run set held = not held
    where id in (select id from millrace.run where id in (select id from wrong) order by id for update skip locked)
    returning held`.execute(tx);
  return rows.filter(({ held }) => !held).length;
}
