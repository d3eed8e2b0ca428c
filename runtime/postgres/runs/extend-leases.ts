import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface HeldRun {
  readonly run: string;
  readonly token: number;
  /** Raised by what has come for the run. */
  readonly wake: number;
  readonly cancel: boolean;
}

/** Extends the leases of runs still held under the given tokens; answers those. The rest were taken over. */
export async function extendLeases(
  tx: Tx,
  held: readonly { run: string; token: number }[],
  leaseMs: number,
): Promise<Map<string, HeldRun>> {
  const { rows } = await sql<HeldRun>`
    update millrace.run set lease_until = millrace.now() + ${leaseMs} * interval '1 ms'
    where id in (
      select id from millrace.run
      join unnest(${held.map((h) => h.run)}::uuid[], ${held.map((h) => h.token)}::int[]) as held (run, token)
        on run.id = held.run and run.token = held.token
      where run.status = 'running' order by id for update of run)
    returning id as run, token, wake, cancel`.execute(tx);
  return new Map(rows.map((row) => [row.run, row]));
}
