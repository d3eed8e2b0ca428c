import type { SyncReport } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { SourceRow } from './load-triggers.ts';

/** What a sync of records has done. */
export interface SyncRow {
  readonly type: string;
  readonly at: Date;
  /** Null while it is under way. */
  readonly report: SyncReport | null;
}

/** The latest syncs, newest first. */
export async function listSyncs(tx: Tx, tenant: string, environment: string, most: number): Promise<SyncRow[]> {
  const { rows } = await sql<SyncRow>`
    select type, at, case when json_typeof(report) = 'object' then report end as report from millrace.record_sync
    where tenant_id = ${tenant} and environment = ${environment} order by at desc limit ${most}`.execute(tx);
  return rows;
}

/** A source that a deployed flow polls, with the connections of that flow. */
export interface PolledSource extends SourceRow {
  readonly flowId: string;
  readonly flowName: string;
  readonly connections: readonly string[];
}

/** Those that fail first, then by flow. */
export async function listSources(tx: Tx, tenant: string, environment: string): Promise<PolledSource[]> {
  const { rows } = await sql<PolledSource>`
    select source.flow_id as "flowId", coalesce(flow.name, source.flow_id) as "flowName", source.node,
      source.every_ms as "everyMs", source.next_poll_at is null as polling, source.next_poll_at as "nextPollAt",
      source.last_polled_at as "lastPolledAt", source.failures, source.failing_since as "failingSince",
      source.last_error as "lastError",
      array(
        select connection.name from json_each_text(deployment.connections) as slot (name, id)
        join millrace.connection on connection.id = slot.id::uuid order by connection.name) as connections
    from millrace.source join millrace.deployment using (tenant_id, environment, flow_id)
    left join millrace.flow on flow.tenant_id = source.tenant_id and flow.id = source.flow_id
    where source.tenant_id = ${tenant} and source.environment = ${environment}
    order by source.failures = 0, "flowName", source.node`.execute(tx);
  return rows;
}
