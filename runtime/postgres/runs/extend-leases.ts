import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** Extends the leases of runs still held under the given tokens; returns those by token. The rest were taken over. */
export async function extendLeases(
  tx: Tx,
  held: readonly { run: string; token: number }[],
  leaseMs: number,
): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; token: number }>`
    update millrace.run set lease_until = millrace.now() + ${leaseMs} * interval '1 ms'
    where id in (
      select id from millrace.run
      join unnest(${held.map((h) => h.run)}::uuid[], ${held.map((h) => h.token)}::int[]) as held (run, token)
        on run.id = held.run and run.token = held.token
      where run.status = 'running' order by id for update of run)
    returning id, token`.execute(tx);
  return new Map(rows.map((row) => [row.id, row.token]));
}
