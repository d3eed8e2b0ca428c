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

/** An alert with what has become of it. */
export interface AlertWithDeliveries extends AlertRow {
  readonly closedAt: Date | null;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly deliveries: readonly AlertDelivery[];
}

/** How an alert has reached a channel, or not. */
export interface AlertDelivery {
  readonly channelId: string;
  readonly channel: string;
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly attempts: number;
  /** Why the last attempt failed. */
  readonly error: string | null;
  /** ISO time. */
  readonly deliveredAt: string | null;
}

/** Alerts, newest first, each with its deliveries. */
export async function listAlertsWithDeliveries(
  tx: Tx,
  tenant: string,
  { state, limit, before }: { state?: 'open' | 'closed'; limit: number; before?: string },
): Promise<AlertWithDeliveries[]> {
  const { rows } = await sql<AlertWithDeliveries>`
    select id, at, code, severity, message, run_id as "runId", flow_id as "flowId", closed_at as "closedAt",
      acknowledged_at as "acknowledgedAt", acknowledged_by as "acknowledgedBy", coalesce(delivered.list, '[]') as deliveries
    from millrace.alert left join lateral (
      select json_agg(json_build_object(
        'channelId', channel.id, 'channel', channel.name, 'state', delivery.state, 'attempts', delivery.attempts,
        'error', delivery.error, 'deliveredAt', to_char(delivery.delivered_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      ) order by channel.name, channel.id) as list
      from millrace.alert_delivery as delivery join millrace.alert_channel as channel on channel.id = delivery.channel_id
      where delivery.alert_id = alert.id) as delivered on true
    where alert.tenant_id = ${tenant}
      ${state === undefined ? sql`` : state === 'open' ? sql`and closed_at is null` : sql`and closed_at is not null`}
      ${before === undefined ? sql`` : sql`and alert.id < ${before}`}
    order by alert.id desc limit ${limit}`.execute(tx);
  return rows;
}
