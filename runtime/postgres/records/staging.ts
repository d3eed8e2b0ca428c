import type { JsonObject } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';

/** One try of one sync: what it gathers is found by its id. */
export interface Attempt {
  readonly id: string;
  readonly tenant: string;
  readonly environment: string;
  readonly type: string;
}

/** A row that a merge will look at. */
export interface StagedRow {
  readonly id: string;
  /** Place among the items; of a missing record, any. */
  readonly item: number;
  /** What the record shall be; nothing where the item is not valid, so that its record is neither changed nor missing. */
  readonly data?: JsonObject;
  /** Of a missing record: the version for which the data was made. */
  readonly expected?: number;
}

/** Rows of one statement: so few that it ends long before the database's patience does. */
const clearedAtOnce = 50_000;

/** Gathers rows; answers those whose id was gathered before, which are left out. */
export async function stageRows(
  tx: Tx,
  { id: attempt, tenant }: Attempt,
  staged: readonly StagedRow[],
): Promise<ReadonlySet<number>> {
  const { numAffectedRows } = await sql`
    insert into millrace.record_staging (tenant_id, attempt, id, item, data, expected)
    select ${tenant}, ${attempt}, id, item, data, expected
    from json_to_recordset(${rows(staged)}) as new (id text, item bigint, data jsonb, expected int)
    on conflict do nothing`.execute(tx);
  return Number(numAffectedRows) === staged.length ? new Set() : twins(tx, attempt, staged);
}

async function twins(tx: Tx, attempt: string, staged: readonly StagedRow[]): Promise<ReadonlySet<number>> {
  const places = staged.map(({ id, item }) => ({ id, item }));
  const { rows: found } = await sql<{ item: number }>`
    select new.item from json_to_recordset(${rows(places)}) as new (id text, item bigint)
    join millrace.record_staging as staged on staged.attempt = ${attempt} and staged.id = new.id and staged.item <> new.item
  `.execute(tx);
  return new Set(found.map(({ item }) => item));
}

/** Tells the planner how much was gathered: without that it joins millions of rows one by one. */
export async function measureStaging(tx: Tx): Promise<void> {
  await sql`analyze millrace.record_staging`.execute(tx);
}

/**
 * Takes away some of what the attempt has gathered, and of what nobody has taken away for a day; answers whether there may be
 * more.
 */
export async function clearStaging(tx: Tx, { id, tenant }: Attempt): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from millrace.record_staging where (attempt, id) in (
      select attempt, id from millrace.record_staging
      where attempt = ${id} or (tenant_id = ${tenant} and at < millrace.now() - interval '1 day') limit ${clearedAtOnce})
  `.execute(tx);
  return Number(numAffectedRows) === clearedAtOnce;
}
