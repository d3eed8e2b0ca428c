import { sql } from 'kysely';
import type { Sealed } from '../../secrets/envelope.ts';
import { type NotedChange, noteChange } from '../audit/note-change.ts';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

/** Where alerts go. */
export type ChannelTarget =
  | { readonly kind: 'email'; readonly config: { readonly to: readonly string[] } }
  | { readonly kind: 'webhook'; readonly config: { readonly url: string } };

export type ChannelRow = ChannelTarget & {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  /** Lesser alerts do not go there. */
  readonly severity: 'warning' | 'high';
  readonly enabled: boolean;
  readonly createdAt: Date;
};

/** A channel with the secret by which a webhook is signed. */
export type SealedChannel = ChannelRow & { readonly sealed: Sealed | null };

const columns = sql`
  id, tenant_id as tenant, name, kind, config, severity, enabled, created_at as "createdAt"`;

export async function listChannels(tx: Tx): Promise<ChannelRow[]> {
  const { rows } = await sql<ChannelRow>`
    select ${columns} from millrace.alert_channel where removed_at is null order by name`.execute(tx);
  return rows;
}

export async function insertChannel(tx: Tx, channel: Omit<SealedChannel, 'createdAt'>): Promise<void> {
  const { id, tenant, name, kind, config, severity, enabled, sealed } = channel;
  await sql`
    insert into millrace.alert_channel (id, tenant_id, name, kind, config, severity, enabled, secret, wrapped_key, key_id)
    values (${id}, ${tenant}, ${name}, ${kind}, ${json(config)}, ${severity}, ${enabled}, ${sealed?.secret ?? null},
      ${sealed?.wrappedKey ?? null}, ${sealed?.keyId ?? null})`.execute(tx);
  await note(tx, { tenant, id }, { after: { name, kind, config, severity, enabled } });
}

/** Changes what may be changed; its kind and secret stay. What was to go to a channel that is off goes nowhere. */
export async function updateChannel(
  tx: Tx,
  { id, name, config, severity, enabled }: Pick<ChannelRow, 'id' | 'name' | 'config' | 'severity' | 'enabled'>,
): Promise<void> {
  const { rows } = await sql<Changed>`
    update millrace.alert_channel set
      name = ${name}, config = ${json(config)}, severity = ${severity}, enabled = ${enabled}
    where id = ${id} returning ${changed}`.execute(tx);
  if (!enabled) await giveUp(tx, id, 'The channel was switched off.');
  for (const { tenant, before } of rows)
    await note(tx, { tenant, id }, { before, after: { ...before, name, config, severity, enabled } });
}

/** False where there is none. */
export async function removeChannel(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql<Changed>`
    update millrace.alert_channel set removed_at = millrace.now(), secret = null, wrapped_key = null, key_id = null
    where id = ${id} and removed_at is null returning ${changed}`.execute(tx);
  if (rows.length > 0) await giveUp(tx, id, 'The channel was removed.');
  for (const { tenant, before } of rows) await note(tx, { tenant, id }, { before });
  return rows.length > 0;
}

interface Changed {
  readonly tenant: string;
  readonly before: Readonly<Record<string, unknown>>;
}

const changed = sql`
  tenant_id as tenant, json_build_object('name', old.name, 'kind', old.kind, 'config', old.config,
    'severity', old.severity, 'enabled', old.enabled) as before`;

function note(
  tx: Tx,
  { tenant, id }: Pick<ChannelRow, 'tenant' | 'id'>,
  values: Pick<NotedChange, 'before' | 'after'>,
): Promise<void> {
  return noteChange(tx, { tenant, action: 'alert-channels.edit', target: `alert-channels/${id}`, ...values });
}

async function giveUp(tx: Tx, channel: string, why: string): Promise<void> {
  await sql`
    update millrace.alert_delivery set state = 'failed', next_at = null, error = ${why}
    where channel_id = ${channel} and state = 'pending'`.execute(tx);
}

/** An alert that is over at once, and goes to this channel alone. Answers its id; nothing where there is no such channel. */
export async function raiseTestAlert(tx: Tx, channel: string, message: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string; tenant: string }>`
    with raised as (
      insert into millrace.alert (tenant_id, code, severity, message, closed_at, announced)
      select tenant_id, 'CHANNEL_TEST', severity, ${message}, millrace.now(), true from millrace.alert_channel
      where id = ${channel} and removed_at is null and enabled returning id, tenant_id
    )
    insert into millrace.alert_delivery (alert_id, channel_id, tenant_id)
    select id, ${channel}, tenant_id from raised returning alert_id as id, tenant_id as tenant`.execute(tx);
  const [raised] = rows;
  if (raised) await note(tx, { tenant: raised.tenant, id: channel }, { after: { testedBy: `alerts/${raised.id}` } });
  return raised?.id;
}
