import { type JsonObject, readJson, type StoredRecord } from '@millrace/contract';
import type { RecordType } from '@millrace/flow';
import { LeastRecentlyUsed } from '@millrace/mapping';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import { recordByKey } from './record-by-key.ts';

export interface RecordPlace {
  readonly tenant: string;
  readonly environment: string;
}

/** Those of the records that there are, in any order; asked for once each. */
export async function loadRecords(
  tx: Tx,
  addresses: readonly (RecordPlace & Pick<StoredRecord, 'type' | 'id'>)[],
): Promise<{ place: RecordPlace; record: StoredRecord }[]> {
  if (addresses.length === 0) return [];
  const asked = (column: string) => sql.ref(`asked.${column}`);
  const { rows: found } = await sql<RecordPlace & { type: string; id: string; data: JsonObject; version: number }>`
    select asked.tenant, asked.environment, record.type, record.id, record.data, record.version
    from json_to_recordset(${rows(addresses)}) as asked (tenant uuid, environment text, type text, id text)
      cross join lateral (
        ${recordByKey(asked('tenant'), asked('environment'), asked('type'), asked('id'))}) as record`.execute(tx);
  return found.map(({ tenant, environment, ...record }) => ({ place: { tenant, environment }, record }));
}

/** Definitions are read once, as long as they stay what they are: what is made of their schemas is kept with the very object. */
const definitions = new LeastRecentlyUsed<RecordType>(10_000_000);

/** Those of the types that there are, in any order; asked for once each. They are not to be changed. */
export async function loadRecordTypes(
  tx: Tx,
  types: readonly (RecordPlace & { readonly id: string })[],
): Promise<{ place: RecordPlace; type: RecordType }[]> {
  if (types.length === 0) return [];
  const { rows: found } = await sql<RecordPlace & { definition: string }>`
    select tenant, asked.environment, definition::text
    from json_to_recordset(${rows(types)}) as asked (tenant uuid, environment text, id text)
      join millrace.record_type as type
        on (type.tenant_id, type.environment, type.id) = (asked.tenant, asked.environment, asked.id)`.execute(tx);
  return found.map(({ definition, ...place }) => ({
    place,
    type: definitions.get(definition, definition.length, () => readJson(definition) as unknown as RecordType),
  }));
}
