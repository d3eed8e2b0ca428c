import { type JsonObject, readJson, type StoredRecord } from '@millrace/contract';
import type { RecordType } from '@millrace/flow';
import { LeastRecentlyUsed } from '@millrace/mapping';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';

export interface RecordPlace {
  readonly tenant: string;
  readonly environment: string;
}

/** Those of the records that there are, in any order. */
export async function loadRecords(
  tx: Tx,
  { tenant, environment }: RecordPlace,
  addresses: readonly Pick<StoredRecord, 'type' | 'id'>[],
): Promise<StoredRecord[]> {
  if (addresses.length === 0) return [];
  const { rows: found } = await sql<{ type: string; id: string; data: JsonObject; version: number }>`
    select record.type, record.id, record.data, record.version
    from json_to_recordset(${rows(addresses)}) as asked (type text, id text)
      join millrace.record on record.type = asked.type and record.id = asked.id
    where record.tenant_id = ${tenant} and record.environment = ${environment}`.execute(tx);
  return found;
}

/** Definitions are read once, as long as they stay what they are: what is made of their schemas is kept with the very object. */
const definitions = new LeastRecentlyUsed<RecordType>(10_000_000);

/** Those of the types that there are, in any order. They are not to be changed. */
export async function loadRecordTypes(tx: Tx, environment: string, ids: readonly string[]): Promise<RecordType[]> {
  if (ids.length === 0) return [];
  const { rows: found } = await sql<{ definition: string }>`
    select definition::text from millrace.record_type where environment = ${environment} and id = any(${ids})`.execute(
    tx,
  );
  return found.map(({ definition }) =>
    definitions.get(definition, definition.length, () => readJson(definition) as unknown as RecordType),
  );
}
