import type { ErrorData } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { RunRow } from './list-runs.ts';

/** How a run stands. */
export async function runOutcome(tx: Tx, id: string): Promise<Pick<RunRow, 'status' | 'error'> | undefined> {
  const { rows } = await sql<{ status: RunRow['status']; error: ErrorData | null }>`
    select status, error from millrace.all_runs where id = ${id}`.execute(tx);
  return rows[0];
}
