import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** A run that somebody should look at. */
export interface WakeUp {
  readonly run: string;
  readonly tenant: string;
}

/** Something has come for the runs: who holds one will notice, one that waits is ready; one that has ended stays so. */
export async function wakeRuns(tx: Tx, runs: readonly WakeUp[]): Promise<void> {
  if (runs.length === 0) return;
  await sql`
    update millrace.run set wake = wake + 1, status = 'running', updated_at = millrace.now()
    where id = any(${runs.map(({ run }) => run)}::uuid[]) and status in ('running', 'waiting')`.execute(tx);
}
