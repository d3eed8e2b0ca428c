import type { MissingRecords } from '@millrace/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../database.ts';
import { type Attempt, measureStaging } from './staging.ts';

export interface Merge {
  readonly attempt: Attempt;
  /** Where the type has a life cycle: the field that holds the state, and the state of new records. */
  readonly lifecycle?: { readonly field: string; readonly initial: string };
  readonly missing?: Pick<MissingRecords, 'to' | 'back'>;
  /** Run and step, as they stand in the history. */
  readonly who: string;
}

export interface Merged {
  readonly created: number;
  readonly changed: number;
  readonly deactivated: number;
}

/** Records of one statement: so few that it ends long before the database's patience does. */
const rangeOf = 20_000;

/**
 * Writes what was gathered into records and history, range by range of the ids, all in the caller's transaction. Records that
 * will be written are locked in the order of their ids, as commits do, so that neither waits for the other in a circle.
 */
export async function mergeStaged(tx: Tx, merge: Merge): Promise<Merged> {
  await measureStaging(tx);
  const sum = { created: 0, changed: 0, deactivated: 0 };
  for (let after = ''; ; ) {
    const last = await endOfRange(tx, merge.attempt, after);
    if (last === null) return sum;
    const merged = await mergeRange(tx, merge, { after, last });
    sum.created += merged.created;
    sum.changed += merged.changed;
    sum.deactivated += merged.deactivated;
    after = last;
  }
}

/** Ids behind the first, up to and with the last. */
interface Range {
  readonly after: string;
  readonly last: string;
}

async function endOfRange(tx: Tx, { id: attempt }: Attempt, after: string): Promise<string | null> {
  const { rows } = await sql<{ last: string | null }>`
    select max(id) as last from (
      select id from millrace.record_staging
      where attempt = ${attempt} and data is not null and id > ${after} order by id limit ${rangeOf}) as range`.execute(
    tx,
  );
  return rows[0]?.last ?? null;
}

async function mergeRange(tx: Tx, merge: Merge, { after: from, last }: Range): Promise<Merged> {
  const { tenant, environment, type, id: attempt } = merge.attempt;
  const staged = sql`(
    select id, data, expected from millrace.record_staging
    where attempt = ${attempt} and data is not null and id > ${from} and id <= ${last})`;
  // The range stands here again so that the records of other ranges are not even looked at.
  const isMeant = sql`r.tenant_id = ${tenant} and r.environment = ${environment} and r.type = ${type} and r.id = s.id
    and r.id > ${from} and r.id <= ${last}`;
  const after = sql`(s.data || ${keptState(merge)})`;
  const field = sql`${merge.lifecycle?.field ?? null}::text`;

  await sql`
    select count(*) from (
      select from millrace.record as r join ${staged} as s on ${isMeant}
      where s.expected is not null or r.data is distinct from ${after} order by r.id for update of r
    ) as locked`.execute(tx);
  const { rows } = await sql<Merged>`
    with merged as (
      merge into millrace.record as r using ${staged} as s on ${isMeant}
      when matched and s.expected = r.version then
        update set data = s.data, version = r.version + 1, updated_at = millrace.now()
      when matched and s.expected is null and r.data is distinct from ${after} then
        update set data = ${after}, version = r.version + 1, updated_at = millrace.now()
      when not matched and s.expected is null then
        insert (tenant_id, environment, type, id, data)
        values (${tenant}, ${environment}, ${type}, s.id, s.data || ${initialState(merge)})
      returning merge_action() as action, s.expected is not null as missing, new.id as id, new.version as version,
        old.data as before, new.data as after
    ), history as (
      insert into millrace.record_history
        (tenant_id, environment, type, id, version, from_state, to_state, who, why, data)
      select ${tenant}::uuid, ${environment}, ${type}, id, version, before ->> ${field}, after ->> ${field}, ${merge.who},
        case when missing then 'missing' end, after
      from merged
    )
    select count(*) filter (where action = 'INSERT') as created,
      count(*) filter (where action = 'UPDATE' and not missing) as changed, count(*) filter (where missing) as deactivated
    from merged`.execute(tx);
  return rows[0] as Merged;
}

/** Items bring no state: a record keeps its own, and one that had gone missing comes back. */
function keptState({ lifecycle, missing }: Merge): RawBuilder<unknown> {
  if (!lifecycle) return sql`'{}'::jsonb`;
  const { field, initial } = lifecycle;
  const state = sql`coalesce(r.data ->> ${field}::text, ${initial})`;
  const kept =
    missing?.to !== undefined && missing.back !== undefined
      ? sql`case when ${state} = ${missing.to} then ${missing.back} else ${state} end`
      : state;
  return sql`jsonb_build_object(${field}::text, ${kept})`;
}

function initialState({ lifecycle }: Merge): RawBuilder<unknown> {
  if (!lifecycle) return sql`'{}'::jsonb`;
  return sql`jsonb_build_object(${lifecycle.field}::text, ${lifecycle.initial}::text)`;
}
