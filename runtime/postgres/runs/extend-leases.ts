import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { together } from '../together.ts';

/** A run under way, as its row is now. */
export interface HeldRun {
  readonly run: string;
  /** Another one than it was taken under: somebody else has taken it. */
  readonly token: number;
  /** Raised by what has come for the run. */
  readonly wake: number;
  readonly cancel: boolean;
}

/**
 * Extends the leases of runs still held under the given tokens, and answers where all of them stand; those that are not
 * under way any more are missing. A row that somebody keeps locked is left out this time and only read: it must not cost
 * the others their leases, and is not lost by being locked.
 */
export async function extendLeases(
  tx: Tx,
  held: readonly { run: string; token: number }[],
  leaseMs: number,
): Promise<Map<string, HeldRun>> {
  const runs = held.map(({ run }) => run);
  const [, { rows }] = await together([
    // What has been given back has no lease, and nobody here works on it.
    sql`
      update millrace.run set lease_until = millrace.now() + ${leaseMs} * interval '1 ms'
      where id in (
        select id from millrace.run
        join unnest(${runs}::uuid[], ${held.map(({ token }) => token)}::int[]) as held (run, token)
          on run.id = held.run and run.token = held.token
        where run.status = 'running' and run.lease_until is not null order by id for update of run skip locked)`.execute(
      tx,
    ),
    sql<HeldRun>`
      select id as run, token, wake, cancel from millrace.run
      where id = any(${runs}::uuid[]) and status = 'running'`.execute(tx),
  ]);
  return new Map(rows.map((row) => [row.run, row]));
}
