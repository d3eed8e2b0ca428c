import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/**
 * Gives runs back at once, for whoever looks next. The holder stays named, as after a death: what it was doing may have
 * been done. A stale token gives back nothing.
 */
export async function giveBack(tx: Tx, held: readonly { run: string; token: number }[]): Promise<void> {
  await sql`
    update millrace.run set lease_until = null
    where id in (
      select id from millrace.run
      join unnest(${held.map((h) => h.run)}::uuid[], ${held.map((h) => h.token)}::int[]) as held (run, token)
        on run.id = held.run and run.token = held.token
      where run.status = 'running' order by id for update of run)`.execute(tx);
}
