import type { RecordType } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** The record types that deployments have put into the environment, by id. */
export async function listRecordTypes(tx: Tx, environment: string): Promise<Map<string, RecordType>> {
  const { rows } = await sql<{ definition: RecordType }>`
    select definition from millrace.record_type where environment = ${environment}`.execute(tx);
  return new Map(rows.map(({ definition }) => [definition.id, definition]));
}
