import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface OpenWaitRow {
  readonly id: string;
  readonly runId: string;
  readonly flowId: string;
  readonly flowName: string;
  readonly environment: string;
  readonly step: string;
  readonly channel: string;
  readonly key: string;
  readonly openedAt: Date;
  readonly dueAt: Date | null;
  readonly expiresAt: Date | null;
  readonly overdueSince: Date | null;
  /** Signals that its node has rejected. */
  readonly rejections: number;
  /** Why it rejected the last one. */
  readonly rejection: string | null;
}

export interface OpenWaitFilter {
  readonly state?: 'overdue' | 'rejected';
  readonly environment?: string;
  readonly flow?: string;
  /** How the key begins. */
  readonly key?: string;
  readonly limit: number;
  /** Id of the last wait of the page before. */
  readonly before?: string;
}

/** Open waits, newest first. It reads all that are open of the tenant, and of those that are late only these. */
export async function listOpenWaits(tx: Tx, tenant: string, filter: OpenWaitFilter): Promise<OpenWaitRow[]> {
  const { state, environment, flow, key, before } = filter;
  const { rows } = await sql<OpenWaitRow>`
    select wait.id, wait.run_id as "runId", run.flow_id as "flowId", coalesce(flow.name, run.flow_id) as "flowName",
      wait.environment, wait.step, wait.channel, wait.key, wait.opened_at as "openedAt", wait.due_at as "dueAt",
      wait.expires_at as "expiresAt", wait.overdue_since as "overdueSince", rejected.count as rejections,
      rejected.reason as rejection
    from millrace.wait join millrace.run on run.id = wait.run_id
    left join millrace.flow on flow.tenant_id = run.tenant_id and flow.id = run.flow_id
    cross join lateral (
      select count(*) as count, (array_agg(reason order by id desc))[1] as reason from millrace.signal
      where signal.run_id = wait.run_id and signal.wait_id = wait.id and signal.state = 'rejected') as rejected
    where wait.tenant_id = ${tenant} and wait.state = 'open'
      ${state === 'overdue' ? sql`and wait.overdue_since is not null` : sql``}
      ${state === 'rejected' ? sql`and rejected.count > 0` : sql``}
      ${environment === undefined ? sql`` : sql`and wait.environment = ${environment}`}
      ${flow === undefined ? sql`` : sql`and run.flow_id = ${flow}`}
      ${key === undefined ? sql`` : sql`and starts_with(wait.key, ${key})`}
      ${before === undefined ? sql`` : sql`and wait.id < ${before}`}
    order by wait.id desc limit ${filter.limit}`.execute(tx);
  return rows;
}

/** How many waits are open, and how many of them late. */
export interface WaitCounts {
  readonly open: number;
  readonly overdue: number;
}

export async function countOpenWaits(tx: Tx, tenant: string, environment: string): Promise<WaitCounts> {
  const { rows } = await sql<WaitCounts>`
    select count(*) as open, count(*) filter (where overdue_since is not null) as overdue
    from millrace.wait where tenant_id = ${tenant} and environment = ${environment} and state = 'open'`.execute(tx);
  return rows[0] as WaitCounts;
}
