import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/**
 * Runs hold their payloads no more. What others hold is theirs from then on; what nobody does waits to be swept. To be
 * called in the transaction in which the runs are forgotten.
 */
export async function giveUpPayloads(tx: Tx, runs: readonly string[]): Promise<void> {
  // Locked by a statement of its own, so that the next sees who has claimed them until then.
  await sql`
    select from millrace.payload where run_id = any(${runs}::uuid[]) order by id for update`.execute(tx);
  await sql`delete from millrace.payload_use where run_id = any(${runs}::uuid[])`.execute(tx);
  await sql`
    update millrace.payload set run_id = (
      select run_id from millrace.payload_use where payload_id = payload.id order by run_id limit 1)
    where run_id = any(${runs}::uuid[])`.execute(tx);
}
