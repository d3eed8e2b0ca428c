import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** Commits of the run so far; nothing where there is no such run. */
export async function loadRevision(tx: Tx, run: string): Promise<number | undefined> {
  const { rows } = await sql<{ revision: number }>`select revision from millrace.run where id = ${run}`.execute(tx);
  return rows[0]?.revision;
}
