import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface Refused {
  readonly name: string;
  /** What the last test said. */
  readonly message: string;
}

/** Which of the connections were tested with what they hold, and never well. */
export async function loadRefused(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Refused>> {
  const { rows } = await sql<Refused & { id: string }>`
    select id, name, message from millrace.connection join millrace.connection_health on connection_id = id
    where id = any(${ids}::uuid[]) and proved_at is null and not ok`.execute(tx);
  return new Map(rows.map(({ id, ...refused }) => [id, refused]));
}
