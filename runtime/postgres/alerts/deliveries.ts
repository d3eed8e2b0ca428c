import { sql } from 'kysely';
import type { Sealed } from '../../secrets/envelope.ts';
import type { Tx } from '../database.ts';
import type { ChannelTarget } from './channels.ts';

/** An alert on its way to a channel. */
export type Delivery = ChannelTarget & {
  readonly alert: string;
  readonly channel: string;
  readonly tenant: string;
  readonly tenantName: string;
  readonly code: string;
  readonly severity: 'warning' | 'high';
  readonly message: string;
  readonly flowId: string | null;
  readonly runId: string | null;
  readonly at: Date;
  readonly sealed: Sealed | null;
  /** This one included. */
  readonly attempts: number;
};

/** Tenants that have something to be told. Scanner's transaction. */
export async function tenantsToTell(tx: Tx, limit: number): Promise<string[]> {
  const { rows } = await sql<{ tenant: string }>`
    select tenant_id as tenant from (
      select tenant_id from millrace.alert where not announced
      union
      select tenant_id from millrace.alert_delivery where state = 'pending' and next_at <= millrace.now()) as telling
    limit ${limit}`.execute(tx);
  return rows.map(({ tenant }) => tenant);
}

/** Writes down to which channels new alerts go. An alert is announced once, whoever does it. */
export async function announce(tx: Tx): Promise<void> {
  await sql`
    with new as (
      update millrace.alert set announced = true where not announced returning id, tenant_id, severity
    )
    insert into millrace.alert_delivery (alert_id, channel_id, tenant_id)
    select new.id, channel.id, new.tenant_id from new join millrace.alert_channel as channel using (tenant_id)
    where channel.enabled and channel.removed_at is null and (channel.severity = 'warning' or new.severity = 'high')`.execute(
    tx,
  );
}

interface Stored extends Omit<Delivery, 'sealed'> {
  readonly secret: Buffer | null;
  readonly wrappedKey: Buffer | null;
  readonly keyId: string | null;
}

/** Takes deliveries that are due. Whoever dies with one leaves it to be tried again once the patience is over. */
export async function takeDeliveries(tx: Tx, limit: number, patienceMs: number): Promise<Delivery[]> {
  const { rows } = await sql<Stored>`
    with taken as (
      update millrace.alert_delivery set
        attempts = attempts + 1, next_at = millrace.now() + ${patienceMs} * interval '1 ms'
      where (alert_id, channel_id) in (
        select alert_id, channel_id from millrace.alert_delivery
        where state = 'pending' and next_at <= millrace.now() order by next_at limit ${limit} for update skip locked)
      returning *
    )
    select alert.id as alert, channel.id as channel, alert.tenant_id as tenant, tenant.name as "tenantName", alert.code,
      alert.severity, alert.message, alert.flow_id as "flowId", alert.run_id as "runId", alert.at, channel.kind,
      channel.config, channel.secret, channel.wrapped_key as "wrappedKey", channel.key_id as "keyId", taken.attempts
    from taken join millrace.alert on alert.id = taken.alert_id
    join millrace.alert_channel as channel on channel.id = taken.channel_id
    join millrace.tenant on tenant.id = taken.tenant_id`.execute(tx);
  return rows.map(({ secret, wrappedKey, keyId, ...row }) => {
    const sealed = secret && wrappedKey && keyId !== null ? { secret, wrappedKey, keyId } : null;
    return { ...row, sealed } as Delivery;
  });
}

/** How an attempt has ended: delivered, to be tried again after a pause, or failed for good. */
export type Attempt =
  | { readonly state: 'delivered' }
  | { readonly state: 'pending'; readonly error: string; readonly pauseMs: number }
  | { readonly state: 'failed'; readonly error: string };

/** An attempt that was given up in the meantime changes nothing. */
export async function endDelivery(
  tx: Tx,
  { alert, channel, attempts }: Pick<Delivery, 'alert' | 'channel' | 'attempts'>,
  attempt: Attempt,
): Promise<void> {
  const { error = null, pauseMs = null } = { error: undefined, pauseMs: undefined, ...attempt };
  await sql`
    update millrace.alert_delivery set
      state = ${attempt.state}, error = ${error}, next_at = millrace.now() + ${pauseMs}::float8 * interval '1 ms',
      delivered_at = case when ${attempt.state} = 'delivered' then millrace.now() end
    where alert_id = ${alert} and channel_id = ${channel} and attempts = ${attempts} and state = 'pending'`.execute(tx);
}
