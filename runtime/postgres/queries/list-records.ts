import type { Json, JsonObject } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

export interface RecordRow {
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Creation time to the microsecond, for paging. */
  readonly createdExactly: string;
}

export interface RecordFilter {
  readonly environment: string;
  readonly type: string;
  /** Each is what the data must contain in one field; several readings of one query text are alternatives. */
  readonly fields: readonly (readonly Json[])[];
  readonly limit: number;
  readonly before?: { readonly createdExactly: string; readonly id: string };
}

/** Records of a type, newest first. */
export async function listRecords(tx: Tx, tenant: string, filter: RecordFilter): Promise<RecordRow[]> {
  const { before } = filter;
  const conditions = filter.fields.map((readings) => {
    const alternatives = readings.map((data) => sql`data @> ${json(data)}::jsonb`);
    return sql`and (${sql.join(alternatives, sql` or `)})`;
  });
  const { rows } = await sql<RecordRow>`
    select id, type, data, version, created_at as "createdAt", updated_at as "updatedAt",
      created_at::text as "createdExactly"
    from millrace.record
    where tenant_id = ${tenant} and environment = ${filter.environment} and type = ${filter.type}
      ${sql.join(conditions, sql` `)}
      ${
        before
          ? sql`and (created_at < ${before.createdExactly}::timestamptz
        or (created_at = ${before.createdExactly}::timestamptz and id > ${before.id}))`
          : sql``
      }
    order by created_at desc, id limit ${filter.limit}`.execute(tx);
  return rows;
}
