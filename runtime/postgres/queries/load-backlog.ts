import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** Work of all tenants that stands ready. */
export interface Backlog {
  /** Runs that are ready and held by nobody; of more than are counted, so many. */
  readonly ready: number;
  /** Age of the one that has been so for longest; a run that a timer woke counts from its last commit. */
  readonly oldestSeconds: number;
  /** Failed runs that nobody has dealt with. */
  readonly deadLetters: number;
}

/** Counting goes on for some milliseconds, however large the backlog is. */
const counted = 100_000;

/** Scanner's transaction. */
export async function loadBacklog(tx: Tx): Promise<Backlog> {
  const { rows } = await sql<Backlog>`
    select count(*) as ready, coalesce(extract(epoch from millrace.now() - min(updated_at)), 0)::float8 as "oldestSeconds",
      (select count(*) from (
        select from millrace.dead_letter where state = 'open' limit ${counted}) as open) as "deadLetters"
    from (
      select updated_at from millrace.run
      where status = 'running' and lease_until is null and not held limit ${counted}) as ready`.execute(tx);
  return rows[0] as Backlog;
}
