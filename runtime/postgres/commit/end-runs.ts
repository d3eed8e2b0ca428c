import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { BurstWrites } from './burst-writes.ts';

/** An ended run leaves nothing behind that could wake it. */
export async function endRuns(tx: Tx, bursts: readonly BurstWrites[]): Promise<void> {
  if (bursts.length === 0) return;
  const runs = bursts.map((burst) => burst.run);
  // A failed run may go on from where it stood.
  const over = bursts.filter(({ next }) => typeof next === 'object' && next.status !== 'failed').map(({ run }) => run);
  await sql`
    with closed as (
      update millrace.wait set state = 'cancelled', closed_at = millrace.now()
      where run_id = any(${runs}::uuid[]) and state = 'open' returning id, run_id
    ), released as (
      update millrace.signal set state = 'late', reason = 'The run had ended.'
      from closed
      where signal.run_id = any(${runs}::uuid[]) and signal.run_id = closed.run_id and signal.wait_id = closed.id
        and signal.state = 'matched'
    ), passes as (
      delete from millrace.pass where run_id = any(${over}::uuid[])
    ), results as (
      delete from millrace.pass_result where run_id = any(${over}::uuid[])
    )
    delete from millrace.timer where run_id = any(${runs}::uuid[])`.execute(tx);
}
