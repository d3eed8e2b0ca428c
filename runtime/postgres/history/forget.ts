import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../database.ts';
import { giveUpPayloads } from '../payloads/give-up-payloads.ts';
import type { RetentionClass } from './retention.ts';

/** Of one statement at most, so that none takes long. */
const batch = 5_000;

/**
 * Forgets live runs altogether, and what they hold in the payload store with them, where their time is up: one that has
 * been redriven in the meantime, or that somebody has in hand, stays as it is. Answers how many went.
 */
export async function deleteRuns(tx: Tx, runs: readonly string[], keepMs: number): Promise<number> {
  const { rows: held } = await sql<{ id: string }>`
    select id from millrace.run
    where id = any(${runs}::uuid[]) and finished_at < millrace.now() - ${keepMs} * interval '1 ms'
    order by id for update skip locked`.execute(tx);
  if (held.length === 0) return 0;
  const ids = held.map(({ id }) => id);
  await giveUpPayloads(tx, ids);
  await sql`delete from millrace.run where id = any(${ids}::uuid[])`.execute(tx);
  return ids.length;
}

/** What is forgotten for its age alone: the table, what says how old a row is, and what else must hold. */
const agedRows = {
  /** From then on the event that comes again is a new one. */
  eventIds: { table: 'trigger_event', since: 'at' },
  answers: { table: 'run_answer', since: 'at' },
  mailboxes: { table: 'mailbox', since: 'at' },
  mailboxSignals: { table: 'mailbox_signal', since: 'at' },
  /** Those that nobody took, and those that came late, twice, malformed or for somebody else. */
  signals: {
    table: 'signal',
    since: 'received_at',
    and: 'not exists (select from millrace.run where run.id = old.run_id)',
  },
  alerts: { table: 'alert', since: 'closed_at' },
} satisfies Record<string, { table: string; since: string; and?: string }>;
export type Aged = keyof typeof agedRows;

/** Forgets what is older, at most so much at once. True where there may be more. */
export async function deleteAged(tx: Tx, what: Aged, olderThanMs: number): Promise<boolean> {
  const { table, since, and = 'true' } = { and: undefined, ...agedRows[what] };
  const { numAffectedRows = 0n } = await sql`
    delete from millrace.${sql.raw(table)} where ctid = any (array(
      select ctid from millrace.${sql.raw(table)} as old
      where ${sql.raw(since)} < millrace.now() - ${olderThanMs} * interval '1 ms' and ${sql.raw(and)}
      limit ${batch}))`.execute(tx);
  return numAffectedRows >= batch;
}

/** An archived run that still holds something in the payload store. */
export interface KeptFor {
  readonly run: string;
  readonly tenant: string;
}

/** Archived runs of the class that are to be dropped and still hold payloads. Scanner's transaction. */
export async function payloadOwners(
  tx: Tx,
  { retention, keepMs, limit }: { retention: RetentionClass; keepMs: number; limit: number },
): Promise<KeptFor[]> {
  const { rows } = await sql<KeptFor>`
    select id as run, tenant_id as tenant from millrace.archived_run as run
    where retention = ${retention} and finished_at < ${cutoff(retention, keepMs)}
      and (exists (select from millrace.payload where run_id = run.id)
        or exists (select from millrace.payload_use where run_id = run.id)) limit ${limit}`.execute(tx);
  return rows;
}

/** Drops the parts of the archive that are outdated as a whole; answers how many. Scanner's transaction. */
export async function dropParts(tx: Tx, retention: RetentionClass, keepMs: number): Promise<number> {
  const { rows } = await sql<{ parts: number }>`
    select millrace.drop_archive(${retention}, ${cutoff(retention, keepMs)}) as parts`.execute(tx);
  return rows[0]?.parts ?? 0;
}

/** Makes the present and the next part of the archive. Scanner's transaction. */
export async function makePartsAhead(tx: Tx, retention: RetentionClass): Promise<void> {
  await sql`
    select millrace.make_archive(${retention}, at) from unnest(array[
      millrace.now(), millrace.now() + ('1 ' || millrace.archive_unit(${retention}))::interval]) as at`.execute(tx);
}

/** What finished before this is in parts of which nothing is to be kept. */
function cutoff(retention: RetentionClass, keepMs: number): RawBuilder<unknown> {
  return sql`millrace.archive_start(${retention}, millrace.now() - ${keepMs} * interval '1 ms')`;
}
