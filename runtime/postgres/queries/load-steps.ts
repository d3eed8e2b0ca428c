import type { ErrorData, Json } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface StoredStep {
  readonly key: string;
  readonly node: string;
  readonly status: 'running' | 'waiting' | 'retrying' | 'done' | 'failed';
  readonly attempts: number;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly port: string | null;
  readonly input: Json;
  readonly output: Json;
  readonly error: ErrorData | null;
  readonly nextRetryAt: Date | null;
}

/** The run's steps in the order in which they became active. */
export async function loadSteps(tx: Tx, run: string): Promise<StoredStep[]> {
  const { rows } = await sql<StoredStep>`
    select key, node, status, attempts, started_at as "startedAt", finished_at as "finishedAt", port, input, output,
      error, next_retry_at as "nextRetryAt"
    from millrace.step where run_id = ${run} order by seq, key`.execute(tx);
  return rows;
}
