import type { ErrorData, Json } from '@millrace/contract';
import type { MachineState } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** The run's passes that are under way, by their keys. */
export async function loadPasses(tx: Tx, run: string): Promise<Record<string, MachineState>> {
  const { rows } = await sql<{ key: string; state: MachineState }>`
    select key, state from millrace.pass where run_id = ${run}`.execute(tx);
  return Object.fromEntries(rows.map(({ key, state }) => [key, state]));
}

export interface StoredPassResult {
  readonly index: number;
  readonly output: Json;
  readonly error: ErrorData | null;
}

/** What passes of a loop gave, in order, from the given index on. */
export async function loadPassResults(
  tx: Tx,
  { run, step, from, limit }: { run: string; step: string; from: number; limit: number },
): Promise<StoredPassResult[]> {
  const { rows } = await sql<StoredPassResult>`
    select index, output, error from millrace.pass_result
    where run_id = ${run} and step = ${step} and index >= ${from} order by index limit ${limit}`.execute(tx);
  return rows;
}
