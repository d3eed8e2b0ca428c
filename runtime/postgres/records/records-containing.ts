import type { Json } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

/** So many are looked up one by one; where there are more, it is no less work to go through all in their order. */
const mostLookedUp = 1_000;

/** Ids of the records of a type whose data contains one of the parts, by the index on the data; nothing where these are many. */
export async function recordsContaining(
  tx: Tx,
  { environment, type }: { readonly environment: string; readonly type: string },
  parts: readonly Json[],
): Promise<string[] | undefined> {
  const list = sql.join(parts.map((part) => sql`${json(part)}::jsonb`));
  const { rows } = await sql<{ id: string }>`
    select id from millrace.records_containing(${environment}, ${type}, array[${list}]::jsonb[], ${mostLookedUp + 1}) as id`.execute(
    tx,
  );
  return rows.length > mostLookedUp ? undefined : rows.map(({ id }) => id);
}
