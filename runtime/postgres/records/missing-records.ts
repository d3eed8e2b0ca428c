import type { JsonObject, MissingRecords } from '@millrace/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';
import { type Attempt, measureStaging } from './staging.ts';

/** Which records count as deactivated already, and so can no longer go missing. */
export interface Deactivation {
  /** Field of the life cycle that holds the state. */
  readonly field?: string;
  readonly missing: Pick<MissingRecords, 'to' | 'set'>;
}

export interface MissingCount {
  /** Records of the type that are not deactivated. */
  readonly active: number;
  /** Of these, those that were not gathered. */
  readonly missing: number;
}

export interface MissingRecord {
  readonly id: string;
  readonly data: JsonObject;
  readonly version: number;
}

export async function countMissing(tx: Tx, attempt: Attempt, deactivation: Deactivation): Promise<MissingCount> {
  await measureStaging(tx);
  const { rows } = await sql<MissingCount>`
    select count(*) as active, count(*) filter (where not ${gathered(attempt)}) as missing
    from ${active(attempt, deactivation)} as record`.execute(tx);
  return rows[0] as MissingCount;
}

/** Records that were not gathered, in the order of their ids, behind the given one. */
export async function listMissing(
  tx: Tx,
  attempt: Attempt,
  deactivation: Deactivation,
  page: { readonly after: string; readonly limit: number },
): Promise<MissingRecord[]> {
  const { rows } = await sql<MissingRecord>`
    select id, data, version from ${active(attempt, deactivation)} as record
    where id > ${page.after} and not ${gathered(attempt)} order by id limit ${page.limit}`.execute(tx);
  return rows;
}

function active({ tenant, environment, type }: Attempt, { field, missing }: Deactivation): RawBuilder<unknown> {
  const { to, set } = missing;
  const deactivated =
    to !== undefined && field !== undefined ? sql`data ->> ${field} = ${to}` : sql`data @> ${json(set ?? {})}::jsonb`;
  return sql`(
    select id, data, version from millrace.record
    where tenant_id = ${tenant} and environment = ${environment} and type = ${type} and (${deactivated}) is not true)`;
}

function gathered({ id }: Attempt): RawBuilder<unknown> {
  return sql`exists (
    select from millrace.record_staging as staged
    where staged.attempt = ${id} and staged.id = record.id and staged.expected is null)`;
}
