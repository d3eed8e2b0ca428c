import { readJson } from '@millrace/contract';
import type { RecordType } from '@millrace/flow';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** So far records of a type are counted: more are “many”, and counting them all would read them all. */
export const countedRecords = 10_000;

export interface ListedRecordType extends RecordType {
  /** Up to {@link countedRecords}. */
  readonly records: number;
}

/** Record types of an environment, by title. */
export async function listRecordTypes(tx: Tx, tenant: string, environment: string): Promise<ListedRecordType[]> {
  const { rows: found } = await sql<{ definition: string; records: number }>`
    select definition::text, (
      select count(*)::int from (
        select from millrace.record
        where tenant_id = ${tenant} and environment = ${environment} and type = t.id limit ${countedRecords}
      ) as counted) as records
    from millrace.record_type as t where tenant_id = ${tenant} and environment = ${environment}
    order by definition ->> 'title', id`.execute(tx);
  return found.map(({ definition, records }) => ({ ...(readJson(definition) as unknown as RecordType), records }));
}
