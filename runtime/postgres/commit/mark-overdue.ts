import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import type { Owned } from './burst-writes.ts';

/** The waits stay open; since when they are overdue can be seen. */
export async function markOverdue(tx: Tx, steps: readonly Owned<'overdueSteps'>[]): Promise<void> {
  if (steps.length === 0) return;
  await sql`
    update millrace.wait set overdue_since = due_at
    from json_to_recordset(${rows(steps)}) as late (run uuid, step text)
    where wait.run_id = any(${steps.map(({ run }) => run)}::uuid[]) and wait.run_id = late.run and wait.step = late.step and wait.state = 'open'`.execute(
    tx,
  );
}
