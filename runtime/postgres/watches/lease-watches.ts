import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface WatchedConnection {
  readonly connection: string;
  readonly tenant: string;
  readonly type: string;
  readonly name: string;
}

/**
 * Takes or keeps the watch of every connection on which something may arrive: bound in a deployment, or the channel of
 * an open wait. A watch is one leased row, so that a folder or server has one poller however many processes run. A
 * lease is written again only when half of it is gone. Scanner's transaction.
 */
export async function leaseWatches(
  tx: Tx,
  types: readonly string[],
  holder: string,
  leaseMs: number,
): Promise<WatchedConnection[]> {
  // The channels are found by jumps over the index, one a channel, however many waits are open.
  await sql`
    with recursive channel (name) as (
      select min(channel) from millrace.wait where state = 'open'
      union all
      select (select min(channel) from millrace.wait where state = 'open' and channel > channel.name)
      from channel where name is not null
    ), used (id) as (
      select value from millrace.deployment, json_each_text(connections)
      union
      select name from channel
    )
    insert into millrace.watch (connection_id, tenant_id, holder, lease_until)
    select connection.id, connection.tenant_id, ${holder}, millrace.now() + ${leaseMs} * interval '1 ms'
    from millrace.connection join used on used.id = connection.id::text
    where connection.type = any(${types}) order by connection.id
    on conflict (connection_id) do update set holder = excluded.holder, lease_until = excluded.lease_until
      where watch.lease_until is null or watch.lease_until < millrace.now()
        or (watch.holder = excluded.holder and watch.lease_until < millrace.now() + ${leaseMs / 2} * interval '1 ms')`.execute(
    tx,
  );
  const { rows } = await sql<WatchedConnection>`
    select watch.connection_id as connection, watch.tenant_id as tenant, connection.type, connection.name
    from millrace.watch join millrace.connection on connection.id = watch.connection_id
    where holder = ${holder} and lease_until > millrace.now()`.execute(tx);
  return rows;
}

/** Gives the watches of a process that stops to whoever comes next. */
export async function releaseWatches(tx: Tx, holder: string): Promise<void> {
  await sql`update millrace.watch set holder = null, lease_until = null where holder = ${holder}`.execute(tx);
}
