import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** A payload that is to be removed, complete or not. */
export interface PayloadPlace {
  readonly id: string;
  readonly tenant: string;
  readonly place: string;
}

/**
 * Takes away those of the payloads that no run holds, or that were never completed; the others stay, and so does what
 * somebody has in hand. From then on nobody can read or claim them: they count as never completed, so that a removal that
 * breaks off is found and done again.
 */
export async function takeAbandoned(tx: Tx, ids: readonly string[]): Promise<PayloadPlace[]> {
  const { rows } = await sql<PayloadPlace>`
    update millrace.payload set sha256 = null
    where id in (
        select id from millrace.payload where id = any(${ids}::uuid[]) order by id for update skip locked)
      and (run_id is null or sha256 is null)
    returning id, tenant_id as tenant, place`.execute(tx);
  return rows;
}
