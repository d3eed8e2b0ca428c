import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface Mailbox {
  readonly tenant: string;
  readonly environment: string;
  readonly channel: string;
  readonly key: string;
}

/** Sets our locks apart from those of others that use the same database. */
const seed = 4_031_965;

/**
 * Locks mailboxes until the transaction ends, in sorted order. Who opens a wait and who stores a signal both hold the
 * lock, so that neither can miss the other. It is a lock on a hash of the name: nothing is written for it, and two names
 * of one hash merely wait for each other.
 */
export async function lockMailboxes(tx: Tx, mailboxes: readonly Mailbox[]): Promise<void> {
  if (mailboxes.length === 0) return;
  const names = mailboxes.map(mailboxName);
  await sql`
    select pg_advisory_xact_lock(hash) from (
      select distinct hashtextextended(name, ${seed}) as hash from unnest(${names}::text[]) as name order by hash
    ) as sorted`.execute(tx);
}

/** Locks those mailboxes that nobody else has locked; answers their names. */
export async function tryLockMailboxes(tx: Tx, mailboxes: readonly Mailbox[]): Promise<ReadonlySet<string>> {
  if (mailboxes.length === 0) return new Set();
  const { rows: locked } = await sql<{ name: string }>`
    select name from unnest(${mailboxes.map(mailboxName)}::text[]) as name
    where pg_try_advisory_xact_lock(hashtextextended(name, ${seed}))`.execute(tx);
  return new Set(locked.map(({ name }) => name));
}

export function mailboxName({ tenant, environment, channel, key }: Mailbox): string {
  return JSON.stringify([tenant, environment, channel, key]);
}
