import type { JsonObject, StoredRecord } from '@millrace/contract';
import type { RecordType } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export async function loadRecord(
  tx: Tx,
  at: { environment: string; type: string; id: string },
): Promise<StoredRecord | undefined> {
  const { rows } = await sql<{ data: JsonObject; version: number }>`
    select data, version from millrace.record
    where environment = ${at.environment} and type = ${at.type} and id = ${at.id}`.execute(tx);
  return rows[0] && { type: at.type, id: at.id, ...rows[0] };
}

export async function loadRecordType(tx: Tx, environment: string, id: string): Promise<RecordType | undefined> {
  const { rows } = await sql<{ definition: RecordType }>`
    select definition from millrace.record_type where environment = ${environment} and id = ${id}`.execute(tx);
  return rows[0]?.definition;
}
