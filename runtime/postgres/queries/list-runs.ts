import type { ErrorData } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface RunRow {
  readonly id: string;
  readonly flowId: string;
  readonly flowName: string;
  readonly version: string;
  readonly environment: string;
  readonly status: 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly triggerNode: string;
  readonly source: string;
  readonly error: ErrorData | null;
  /** A wait of the run is open past its due time. */
  readonly overdue: boolean;
}

export interface RunFilter {
  readonly flow?: string;
  readonly status?: string;
  readonly limit: number;
  /** Id of the last run of the page before. */
  readonly before?: string;
}

/** What the list and the detail show of a run alike. */
export const runColumns = sql`
  run.id, run.flow_id as "flowId", coalesce(flow.name, run.flow_id) as "flowName", run.version, run.environment,
  run.status, run.started_at as "startedAt", run.finished_at as "finishedAt", run.trigger_node as "triggerNode",
  run.source, run.error,
  exists (
    select from millrace.wait where wait.run_id = run.id and wait.state = 'open' and wait.overdue_since is not null
  ) as overdue`;

/** Runs, newest first: their ids begin with the time. */
export async function listRuns(tx: Tx, tenant: string, filter: RunFilter): Promise<RunRow[]> {
  const { flow, status, before } = filter;
  const { rows } = await sql<RunRow>`
    select ${runColumns}
    from millrace.all_runs as run left join millrace.flow on flow.tenant_id = run.tenant_id and flow.id = run.flow_id
    where run.tenant_id = ${tenant}
      ${flow === undefined ? sql`` : sql`and run.flow_id = ${flow}`}
      ${status === undefined ? sql`` : sql`and run.status = ${status}`}
      ${before === undefined ? sql`` : sql`and run.id < ${before}`}
    order by run.id desc limit ${filter.limit}`.execute(tx);
  return rows;
}
