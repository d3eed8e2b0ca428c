import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface RunCounts {
  readonly succeeded: number;
  readonly failed: number;
  /** Running or waiting. */
  readonly open: number;
}

/** Runs of each flow in an environment that started within the last 24 hours; run ids begin with the time (UUIDv7). */
export async function countRecentRuns(tx: Tx, tenant: string, environment: string): Promise<Map<string, RunCounts>> {
  const { rows } = await sql<RunCounts & { flowId: string }>`
    select flow_id as "flowId",
      count(*) filter (where status = 'succeeded') as succeeded,
      count(*) filter (where status = 'failed') as failed,
      count(*) filter (where status in ('running', 'waiting')) as open
    from millrace.all_runs
    where tenant_id = ${tenant} and environment = ${environment} and id > (select uuidv7(interval '-24 hours'))
      -- Says nothing new; but by it the older parts of the archive are left out.
      and (finished_at is null or finished_at > statement_timestamp() - interval '24 hours')
    group by flow_id`.execute(tx);
  return new Map(rows.map(({ flowId, ...counts }) => [flowId, counts]));
}
