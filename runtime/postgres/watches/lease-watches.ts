import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface WatchedConnection {
  readonly connection: string;
  readonly tenant: string;
}

/**
 * Takes or keeps the watch of every connection that something may arrive on: bound in a deployment or by a run that has
 * not ended. A watch is one leased row, so a folder or server has one poller however many processes run. Scanner's
 * transaction.
 */
export async function leaseWatches(
  tx: Tx,
  types: readonly string[],
  holder: string,
  leaseMs: number,
): Promise<WatchedConnection[]> {
  const { rows } = await sql<WatchedConnection>`
    with used as (
      select value::uuid as id from millrace.deployment, json_each_text(connections)
      union
      select value::uuid from millrace.run, json_each_text(connections) where status in ('running', 'waiting')
    ), wanted as (
      select connection.id, connection.tenant_id from millrace.connection join used using (id)
      where connection.type = any(${types})
    )
    insert into millrace.watch (connection_id, tenant_id, holder, lease_until)
    select id, tenant_id, ${holder}, millrace.now() + ${leaseMs} * interval '1 ms' from wanted order by id
    on conflict (connection_id) do update set holder = excluded.holder, lease_until = excluded.lease_until
      where watch.holder = excluded.holder or watch.lease_until is null or watch.lease_until < millrace.now()
    returning connection_id as connection, tenant_id as tenant`.execute(tx);
  return rows;
}

/** Gives the watches of a process that stops to whoever comes next. */
export async function releaseWatches(tx: Tx, holder: string): Promise<void> {
  await sql`update millrace.watch set holder = null, lease_until = null where holder = ${holder}`.execute(tx);
}
