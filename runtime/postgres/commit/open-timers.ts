import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import type { Owned } from './burst-writes.ts';

export async function openTimers(tx: Tx, timers: readonly Owned<'timers'>[]): Promise<void> {
  if (timers.length === 0) return;
  await sql`
    insert into millrace.timer (tenant_id, run_id, step, kind, due_at)
    select tenant, run, step, kind, "dueAt" from json_to_recordset(${rows(timers)}) as new
      (tenant uuid, run uuid, step text, kind text, "dueAt" timestamptz)`.execute(tx);
}
