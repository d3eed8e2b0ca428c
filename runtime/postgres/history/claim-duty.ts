import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** Takes on work that one process does for all, at most so often. False where it is not due. Scanner's transaction. */
export async function claimDuty(tx: Tx, name: string, everyMs: number): Promise<boolean> {
  const { rows } = await sql`
    insert into millrace.duty (name, next_at) values (${name}, millrace.now() + ${everyMs} * interval '1 ms')
    on conflict (name) do update set next_at = excluded.next_at where duty.next_at <= millrace.now()
    returning name`.execute(tx);
  return rows.length > 0;
}

/** Work that was taken on and has failed is due again. Scanner's transaction. */
export async function returnDuty(tx: Tx, name: string): Promise<void> {
  await sql`update millrace.duty set next_at = millrace.now() where name = ${name}`.execute(tx);
}
