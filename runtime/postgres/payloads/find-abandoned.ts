import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/**
 * Payloads that were begun before the time and are held by no run, or were never completed: at most so many, oldest first,
 * without those named. Scanner's transaction.
 */
export async function findAbandoned(
  tx: Tx,
  { before, without, limit }: { before: Date; without: readonly string[]; limit: number },
): Promise<{ id: string; tenant: string }[]> {
  const { rows } = await sql<{ id: string; tenant: string }>`
    select id, tenant_id as tenant from millrace.payload
    where (run_id is null or sha256 is null) and created_at < ${before} and id <> all(${without}::uuid[])
    order by created_at limit ${limit}`.execute(tx);
  return rows;
}
