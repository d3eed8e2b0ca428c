import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** Asks a run that has not ended to end as cancelled, and wakes it. False where there is no such run. */
export async function requestCancel(tx: Tx, run: string): Promise<boolean> {
  const { rows } = await sql`
    update millrace.run set cancel = true, wake = wake + 1, status = 'running'
    where id = ${run} and status in ('running', 'waiting') returning id`.execute(tx);
  return rows.length > 0;
}
