import type { ErrorData } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { firstIdAt } from '../runs/ids.ts';

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
  readonly environment?: string;
  /** Of the error by which it failed. */
  readonly code?: string;
  /** Started then or later, and before then. */
  readonly from?: Date;
  readonly to?: Date;
  /** What {@link runsOfKey} finds. */
  readonly key?: string;
  readonly oldestFirst?: boolean;
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

/** Runs, newest first or oldest first: their ids begin with the time. */
export async function listRuns(tx: Tx, tenant: string, filter: RunFilter): Promise<RunRow[]> {
  const { flow, status, environment, code, from, to, key, before, oldestFirst = false } = filter;
  const { rows } = await sql<RunRow>`
    select ${runColumns}
    from millrace.all_runs as run left join millrace.flow on flow.tenant_id = run.tenant_id and flow.id = run.flow_id
    where run.tenant_id = ${tenant}
      ${flow === undefined ? sql`` : sql`and run.flow_id = ${flow}`}
      ${status === undefined ? sql`` : sql`and run.status = ${status}`}
      ${environment === undefined ? sql`` : sql`and run.environment = ${environment}`}
      ${code === undefined ? sql`` : sql`and run.status = 'failed' and run.error ->> 'code' = ${code}`}
      ${
        // The time of its end says nothing new; but by it the older parts of the archive are left out.
        from === undefined
          ? sql``
          : sql`and run.id >= ${firstIdAt(from)} and (run.finished_at is null or run.finished_at >= ${from})`
      }
      ${to === undefined ? sql`` : sql`and run.id < ${firstIdAt(to)}`}
      ${key === undefined ? sql`` : sql`and run.id = any (${runsOfKey(tenant, key)})`}
      ${before === undefined ? sql`` : oldestFirst ? sql`and run.id > ${before}` : sql`and run.id < ${before}`}
    order by run.id ${oldestFirst ? sql`asc` : sql`desc`} limit ${filter.limit}`.execute(tx);
  return rows;
}

/** Of one key so many runs are looked for at most, in each place where it may stand. */
const mostOfKey = 1_000;
/** The last character that there is: all that begins with a text comes before the text with this one behind it. */
const lastCharacter = '\u{10ffff}';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Ids of the runs that have to do with a key that begins so: that waited on it, were started by an event of that id, or wrote
 * a record of that id; and of the run that is called so itself. Each is found by an index, where PostgreSQL jumps over what
 * stands before the key in it.
 */
function runsOfKey(tenant: string, key: string) {
  const begins = (column: ReturnType<typeof sql>) =>
    sql`tenant_id = ${tenant} and ${column} >= ${key} and ${column} < ${key + lastCharacter} and starts_with(${column}, ${key})`;
  return sql`array(
    (select run_id from millrace.wait where ${begins(sql`key`)} limit ${mostOfKey})
    union all
    (select run_id from millrace.archived_wait where ${begins(sql`key`)} limit ${mostOfKey})
    union all
    (select run_id from millrace.trigger_event where ${begins(sql`event_id`)} limit ${mostOfKey})
    union all
    (select substring(who, '^[0-9a-f-]{36}')::uuid from millrace.record_history
      where ${begins(sql`id`)} and who ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/' limit ${mostOfKey})
    ${uuid.test(key) ? sql`union all select ${key.toLowerCase()}::uuid` : sql``})`;
}
