import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface AlertRow {
  readonly id: string;
  readonly at: Date;
  readonly code: string;
  readonly severity: 'warning' | 'high';
  readonly message: string;
  readonly runId: string | null;
  readonly flowId: string | null;
}

/** The latest alerts of the tenant, or of one run, newest first. */
export async function listAlerts(tx: Tx, tenant: string, filter: { limit: number; run?: string }): Promise<AlertRow[]> {
  const { rows } = await sql<AlertRow>`
    select id, at, code, severity, message, run_id as "runId", flow_id as "flowId"
    from millrace.alert
    where tenant_id = ${tenant} ${filter.run === undefined ? sql`` : sql`and run_id = ${filter.run}`}
    order by id desc limit ${filter.limit}`.execute(tx);
  return rows;
}
