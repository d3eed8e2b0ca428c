import type { JsonObject } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { RecordRow } from './list-records.ts';

export interface RecordChangeRow {
  readonly at: Date;
  readonly from: string | null;
  readonly to: string | null;
  readonly who: string;
  readonly why: string | null;
  readonly data: JsonObject;
}

export interface RecordAddress {
  readonly environment: string;
  readonly type: string;
  readonly id: string;
}

/** A record with every version that it has had, oldest first. */
export async function loadRecordWithHistory(
  tx: Tx,
  { environment, type, id }: RecordAddress,
): Promise<(Omit<RecordRow, 'createdExactly'> & { history: RecordChangeRow[] }) | undefined> {
  const found = await sql<Omit<RecordRow, 'createdExactly'>>`
    select id, type, data, version, created_at as "createdAt", updated_at as "updatedAt" from millrace.record
    where environment = ${environment} and type = ${type} and id = ${id}`.execute(tx);
  const history = await sql<RecordChangeRow>`
    select at, from_state as "from", to_state as "to", who, why, data from millrace.record_history
    where environment = ${environment} and type = ${type} and id = ${id} order by version`.execute(tx);
  return found.rows[0] && { ...found.rows[0], history: history.rows };
}
