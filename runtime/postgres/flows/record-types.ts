import type { Json } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** The definition by which records of the type are kept in the environment. */
export async function loadRecordType(tx: Tx, environment: string, id: string): Promise<Json | undefined> {
  const { rows } = await sql<{ definition: Json }>`
    select definition from millrace.record_type where environment = ${environment} and id = ${id}`.execute(tx);
  return rows[0]?.definition;
}

/** As long as there are records of it, a type stays. */
export async function removeUnusedRecordType(tx: Tx, environment: string, id: string): Promise<void> {
  await sql`
    delete from millrace.record_type where environment = ${environment} and id = ${id}
      and not exists (select from millrace.record where environment = ${environment} and type = ${id})`.execute(tx);
}
