import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/**
 * Runs whose lease has run out, because their worker died or does not answer, are ready again, each in its tenant's turn.
 * Answers how many there were. Scanner's transaction.
 */
export async function releaseOrphans(tx: Tx, limit: number): Promise<number> {
  const { rows } = await sql`
    update millrace.run set lease_until = null, takeovers = takeovers + 1
    where id in (
      select id from millrace.run where status = 'running' and lease_until <= millrace.now()
      order by lease_until limit ${limit} for update skip locked)
    returning id`.execute(tx);
  return rows.length;
}
