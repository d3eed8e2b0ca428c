import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** Somebody has seen the alert; the first who says so counts. False where there is no such alert. */
export async function acknowledgeAlert(tx: Tx, id: string, by: string): Promise<boolean> {
  const { rows } = await sql`
    update millrace.alert set
      acknowledged_at = coalesce(acknowledged_at, millrace.now()), acknowledged_by = coalesce(acknowledged_by, ${by})
    where id = ${id} returning 1`.execute(tx);
  return rows.length > 0;
}
