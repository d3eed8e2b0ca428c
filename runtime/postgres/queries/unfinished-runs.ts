import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** Ids of the tenant's runs that have not ended, oldest first. */
export async function unfinishedRuns(tx: Tx, tenant: string, environment: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from millrace.run
    where tenant_id = ${tenant} and environment = ${environment} and status in ('running', 'waiting') order by id`.execute(
    tx,
  );
  return rows.map((row) => row.id);
}
