import type { JsonObject, MissingRecords, RecordCondition } from '@millrace/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';
import { fits } from './conditions.ts';
import { type Attempt, measureStaging } from './staging.ts';

/** Which records count as deactivated already, and so can no longer go missing, and which are left alone. */
export interface Deactivation {
  /** Field of the life cycle that holds the state. */
  readonly field?: string;
  readonly missing: Pick<MissingRecords, 'to' | 'set'>;
  /** A record that does not fit all of these is never missing. */
  readonly onlyWhere: readonly RecordCondition[];
}

export interface MissingCount {
  /** Records of the type that are not deactivated. */
  readonly active: number;
  /** Of these, those that were not gathered and are not left alone. */
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
    select count(*) as active, count(*) filter (where ${isMissing(attempt, deactivation)}) as missing
    from ${active(attempt, deactivation)} as record`.execute(tx);
  return rows[0] as MissingCount;
}

/** Missing records in the order of their ids, behind the given one. */
export async function listMissing(
  tx: Tx,
  attempt: Attempt,
  deactivation: Deactivation,
  page: { readonly after: string; readonly limit: number },
): Promise<MissingRecord[]> {
  const { rows } = await sql<MissingRecord>`
    select id, data, version from ${active(attempt, deactivation)} as record
    where id > ${page.after} and ${isMissing(attempt, deactivation)} order by id limit ${page.limit}`.execute(tx);
  return rows;
}

function active({ tenant, environment, type }: Attempt, deactivation: Deactivation): RawBuilder<unknown> {
  return sql`(
    select id, data, version, created_at, updated_at from millrace.record
    where tenant_id = ${tenant} and environment = ${environment} and type = ${type}
      and (${isDeactivated(deactivation)}) is not true)`;
}

function isDeactivated({ field, missing: { to, set = {} } }: Deactivation): RawBuilder<unknown> {
  if (to !== undefined && field !== undefined) return sql`data ->> ${field} = ${to}`;
  return Object.keys(set).length > 0 ? sql`data @> ${json(set)}::jsonb` : sql`false`;
}

function isMissing(attempt: Attempt, { onlyWhere }: Deactivation): RawBuilder<unknown> {
  const conditions = onlyWhere.map((condition) => fits(condition, 'record'));
  return sql.join([sql`not ${gathered(attempt)}`, ...conditions], sql` and `);
}

function gathered({ id }: Attempt): RawBuilder<unknown> {
  return sql`exists (
    select from millrace.record_staging as staged
    where staged.attempt = ${id} and staged.id = record.id and staged.expected is null)`;
}
