import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** Stores pieces of a payload's content, the first of them under the given number. */
export async function insertChunks(
  tx: Tx,
  { id, tenant, first, chunks }: { id: string; tenant: string; first: number; chunks: readonly Buffer[] },
): Promise<void> {
  if (chunks.length === 0) return;
  const rows = chunks.map(
    (content, n) => sql`(${id}::uuid, ${first + n}::integer, ${tenant}::uuid, ${content}::bytea)`,
  );
  await sql`
    insert into millrace.payload_chunk (payload_id, number, tenant_id, content)
    values ${sql.join(rows)}`.execute(tx);
}

/** Pieces of a payload's content in their order, from the given number on up to the first that is missing, at most so many. */
export async function loadChunks(
  tx: Tx,
  { id, first, limit }: { id: string; first: number; limit: number },
): Promise<Buffer[]> {
  const { rows } = await sql<{ number: number; content: Buffer }>`
    select number, content from millrace.payload_chunk
    where payload_id = ${id} and number >= ${first} order by number limit ${limit}`.execute(tx);
  const gap = rows.findIndex(({ number }, n) => number !== first + n);
  return rows.slice(0, gap < 0 ? rows.length : gap).map((row) => row.content);
}

/** Removes a payload's content. */
export async function deleteChunks(tx: Tx, id: string): Promise<void> {
  await sql`delete from millrace.payload_chunk where payload_id = ${id}`.execute(tx);
}
