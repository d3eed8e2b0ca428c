import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** Gives runs back at once, for whoever looks next. A stale token gives back nothing. */
export async function giveBack(tx: Tx, held: readonly { run: string; token: number }[]): Promise<void> {
  await sql`
    update millrace.run set lease_holder = null, lease_until = null
    from unnest(${held.map((h) => h.run)}::uuid[], ${held.map((h) => h.token)}::int[]) as held (run, token)
    where run.id = held.run and run.token = held.token and run.status = 'running'`.execute(tx);
}
