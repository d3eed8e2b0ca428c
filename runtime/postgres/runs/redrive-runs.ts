import { sql } from 'kysely';
import { takeBackEnds } from '../commit/tell-parents.ts';
import type { Tx } from '../database.ts';
import { flowIsPaused } from '../flows/pause.ts';
import type { WakeUp } from './wake-up.ts';

/**
 * Lets failed runs go on from the step at which they failed, with the same idempotency keys; what they called and what
 * failed there goes on too; where the flow is paused, once that is resumed. Answers the runs that had failed; any other
 * is left alone.
 */
export async function redriveRuns(tx: Tx, runs: readonly string[], by: string): Promise<WakeUp[]> {
  if (runs.length === 0) return [];
  const { rows } = await sql<WakeUp & { environment: string; called: boolean }>`
    update millrace.run set
      status = 'running', redrive = true, cancel = false, error = null, finished_at = null, takeovers = 0, wake = wake + 1,
      held = ${flowIsPaused},
      token = token + 1, lease_holder = null, lease_until = null, updated_at = millrace.now()
    where id in (select id from millrace.run where id = any(${runs}::uuid[]) and status = 'failed' order by id for update)
    returning id as run, tenant_id as tenant, environment, parent is not null as called`.execute(tx);
  await takeBackEnds(
    tx,
    rows.filter(({ called }) => called),
  );
  await sql`
    update millrace.dead_letter set state = 'redriven', settled_at = millrace.now(), settled_by = ${by}
    where run_id = any(${rows.map(({ run }) => run)}::uuid[])`.execute(tx);
  return rows;
}
