import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** A payload that is to be removed, complete or not. */
export interface PayloadPlace {
  readonly id: string;
  readonly tenant: string;
  readonly place: string;
}

export async function payloadById(tx: Tx, id: string): Promise<PayloadPlace | undefined> {
  const { rows } = await sql<PayloadPlace>`
    select id, tenant_id as tenant, place from millrace.payload where id = ${id}`.execute(tx);
  return rows[0];
}

/**
 * Payloads that were begun before the time and belong to no run, or were never completed: at most so many, oldest first,
 * without those named. Scanner's transaction.
 */
export async function abandonedPayloads(
  tx: Tx,
  { before, without, limit }: { before: Date; without: readonly string[]; limit: number },
): Promise<{ id: string; tenant: string }[]> {
  const { rows } = await sql<{ id: string; tenant: string }>`
    select id, tenant_id as tenant from millrace.payload
    where (run_id is null or sha256 is null) and created_at < ${before} and id <> all(${without}::uuid[])
    order by created_at limit ${limit}`.execute(tx);
  return rows;
}
