import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** Sets open dead letters aside; the runs stay failed. Answers how many were open. */
export async function discardDeadLetters(
  tx: Tx,
  runs: readonly string[],
  { by, note }: { readonly by: string; readonly note: string | undefined },
): Promise<number> {
  const { rows } = await sql`
    update millrace.dead_letter set
      state = 'discarded', settled_at = millrace.now(), settled_by = ${by}, note = ${note ?? null}
    where run_id = any(${runs}::uuid[]) and state = 'open' returning run_id`.execute(tx);
  return rows.length;
}
