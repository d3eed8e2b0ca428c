import type { ErrorData } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { RunRow } from './list-runs.ts';

/** How a run stands. */
export interface Outcome {
  readonly status: RunRow['status'];
  readonly error: ErrorData | null;
}

export async function runOutcome(tx: Tx, id: string): Promise<Outcome | undefined> {
  const { rows } = await sql<Outcome>`
    select status, error from millrace.all_runs where id = ${id}`.execute(tx);
  return rows[0];
}
