import { sql } from 'kysely';
import { noteChange } from '../audit/note-change.ts';
import type { Tx } from '../database.ts';

/** Sets open dead letters aside; the runs stay failed. Answers how many were open. */
export async function discardDeadLetters(
  tx: Tx,
  runs: readonly string[],
  { by, note }: { readonly by: string; readonly note: string | undefined },
): Promise<number> {
  const { rows } = await sql<{ run: string; tenant: string }>`
    update millrace.dead_letter set
      state = 'discarded', settled_at = millrace.now(), settled_by = ${by}, note = ${note ?? null}
    where run_id = any(${runs}::uuid[]) and state = 'open'
    returning run_id as run, tenant_id as tenant`.execute(tx);
  const after = { runs: rows.map(({ run }) => run), note };
  if (rows[0]) await noteChange(tx, { tenant: rows[0].tenant, action: 'runs.discard', target: 'dead-letters', after });
  return rows.length;
}
