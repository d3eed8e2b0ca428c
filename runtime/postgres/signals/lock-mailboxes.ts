import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface Mailbox {
  readonly tenant: string;
  readonly environment: string;
  readonly channel: string;
  readonly key: string;
}

/**
 * Locks mailboxes until the transaction ends, in sorted order. Who opens a wait and who stores a signal both hold the
 * lock, so that neither can miss the other.
 */
export async function lockMailboxes(tx: Tx, mailboxes: readonly Mailbox[]): Promise<void> {
  if (mailboxes.length === 0) return;
  const column = (name: keyof Mailbox) => mailboxes.map((mailbox) => mailbox[name]);
  await sql`
    insert into millrace.mailbox (tenant_id, environment, channel, key)
    select distinct * from unnest(
      ${column('tenant')}::uuid[], ${column('environment')}::text[], ${column('channel')}::text[], ${column('key')}::text[])
    order by 1, 2, 3, 4
    on conflict (tenant_id, environment, channel, key) do update set key = excluded.key`.execute(tx);
}
