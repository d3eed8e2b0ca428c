import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** Until the transaction ends nobody publishes or deploys these flows: whoever does locks these rows, too. */
export async function lockFlows(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`select from millrace.flow where id = any(${ids}) order by id for update`.execute(tx);
}

/** In all environments. */
export async function lockCodeTables(tx: Tx, names: readonly string[]): Promise<void> {
  await sql`
    select from millrace.code_table where name = any(${names}) order by environment, name for update`.execute(tx);
}

/** In all environments. */
export async function lockRecordTypes(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`
    select from millrace.record_type where id = any(${ids}) order by environment, id for update`.execute(tx);
}
