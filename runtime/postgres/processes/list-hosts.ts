import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** Hosts on which processes over this database live. Scanner's transaction. */
export async function listHosts(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ host: string }>`
    select distinct host from millrace.process
    where seen_at > statement_timestamp() - interval '15 seconds' order by host`.execute(tx);
  return rows.map(({ host }) => host);
}
