import type { JsonObject, MissingRecords, RecordCondition, SyncChange } from '@millrace/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';
import { fits } from './conditions.ts';
import { type Attempt, measureStaging } from './staging.ts';

export interface Merge {
  readonly attempt: Attempt;
  /** Where the type has a life cycle: the field that holds the state, and the state of new records. */
  readonly lifecycle?: { readonly field: string; readonly initial: string };
  /** With what a record is given that comes back. */
  readonly missing?: Pick<MissingRecords, 'to' | 'back'> & { readonly stamp: JsonObject };
  readonly keepOthers?: { readonly initial: JsonObject };
  readonly onChange: JsonObject;
  readonly onlyWhere: readonly RecordCondition[];
  /** Run and step, as they stand in the history. */
  readonly who: string;
  /** Whether anybody wants to know what was changed. */
  readonly lists: boolean;
}

export interface Merged {
  created: number;
  changed: number;
  /** Would have been changed, and did not fit `onlyWhere`. */
  left: number;
  deactivated: number;
}

/** Records of one statement: so few that it ends long before the database's patience does. */
const rangeOf = 20_000;

/**
 * Writes what was gathered into records and history, range by range of the ids, all in the caller's transaction. Records that
 * will be written are locked in the order of their ids, as commits do, so that neither waits for the other in a circle.
 * Gives what is changed as it goes along, where that is asked for; it has merged everything when it has given everything.
 * @param merged is added up
 */
export async function* mergeStaged(tx: Tx, merge: Merge, merged: Merged): AsyncGenerator<SyncChange> {
  await measureStaging(tx);
  for (let after = ''; ; ) {
    const last = await endOfRange(tx, merge.attempt, after);
    if (last === null) return;
    yield* mergeRange(tx, rangeIn(merge, { after, last }), merged);
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

/** One range of a merge, in the words of its statements: `r` is a record, `s` what was gathered for it. */
interface MergedRange {
  readonly merge: Merge;
  readonly staged: RawBuilder<unknown>;
  readonly isMeant: RawBuilder<unknown>;
  /** What the item makes of the record. */
  readonly after: RawBuilder<unknown>;
  readonly isChanged: RawBuilder<unknown>;
  readonly mayChange: RawBuilder<unknown>;
}

function rangeIn(merge: Merge, { after: from, last }: Range): MergedRange {
  const { tenant, environment, type, id: attempt } = merge.attempt;
  const before = merge.keepOthers ? sql`r.data || ` : sql``;
  const after = sql`(${before}${backStamp(merge)}s.data || ${keptState(merge)})`;
  const conditions = merge.onlyWhere.map((condition) => fits(condition, 'r'));
  return {
    merge,
    staged: sql`(
      select id, data, expected from millrace.record_staging
      where attempt = ${attempt} and data is not null and id > ${from} and id <= ${last})`,
    // The range stands here again so that the records of other ranges are not even looked at.
    isMeant: sql`r.tenant_id = ${tenant} and r.environment = ${environment} and r.type = ${type} and r.id = s.id
      and r.id > ${from} and r.id <= ${last}`,
    after,
    isChanged: sql`(s.expected is null and r.data is distinct from ${after})`,
    mayChange: sql`(${sql.join([sql`true`, ...conditions], sql` and `)}) is true`,
  };
}

async function* mergeRange(tx: Tx, range: MergedRange, merged: Merged): AsyncGenerator<SyncChange> {
  merged.left += await lockRange(tx, range);
  for (const { kind, n, ...change } of await writeRange(tx, range)) {
    if (kind !== null) merged[kind] += n;
    else yield change;
  }
}

/** Answers how many records differ from their items and are left alone. */
async function lockRange(tx: Tx, { staged, isMeant, isChanged, mayChange }: MergedRange): Promise<number> {
  const { rows } = await sql<{ left: number }>`
    select count(*) filter (where not may_change) as left from (
      select s.expected is not null or ${mayChange} as may_change
      from millrace.record as r join ${staged} as s on ${isMeant}
      where s.expected is not null or ${isChanged} order by r.id for update of r
    ) as locked`.execute(tx);
  return (rows[0] as { left: number }).left;
}

/** A number of records, or one of them. */
type Written =
  | ({ readonly kind: 'created' | 'changed' | 'deactivated'; readonly n: number } & SyncChange)
  | ({ readonly kind: null; readonly n: null } & SyncChange);

async function writeRange(
  tx: Tx,
  { merge, staged, isMeant, after, isChanged, mayChange }: MergedRange,
): Promise<readonly Written[]> {
  const { attempt, keepOthers, onChange, who, lists } = merge;
  const { tenant, environment, type } = attempt;
  const field = sql`${merge.lifecycle?.field ?? null}::text`;
  const stamp = sql`${json(onChange)}::jsonb`;
  const initial = sql`${json(keepOthers?.initial ?? {})}::jsonb || s.data || ${initialState(merge)}`;
  const { rows } = await sql<Written>`
    with merged as (
      merge into millrace.record as r using ${staged} as s on ${isMeant}
      when matched and s.expected = r.version then
        update set data = s.data, version = r.version + 1, updated_at = millrace.now()
      when matched and ${isChanged} and ${mayChange} then
        update set data = ${after} || ${stamp}, version = r.version + 1, updated_at = millrace.now()
      when not matched and s.expected is null then
        insert (tenant_id, environment, type, id, data)
        values (${tenant}, ${environment}, ${type}, s.id, ${initial} || ${stamp})
      returning merge_action() as action, s.expected is not null as missing, new.id as id, new.version as version,
        old.data as before, new.data as after
    ), history as (
      insert into millrace.record_history
        (tenant_id, environment, type, id, version, from_state, to_state, who, why, data)
      select ${tenant}::uuid, ${environment}, ${type}, id, version, before ->> ${field}, after ->> ${field}, ${who},
        case when missing then 'missing' end, after
      from merged
    )
    select case when missing then 'deactivated' when action = 'INSERT' then 'created' else 'changed' end as kind,
      count(*) as n, null as id, null as change, null::jsonb as before, null::jsonb as after
    from merged group by 1
    union all
    select null, null, id, case when missing then 'missing' else 'changed' end, before, after
    from merged where ${lists} and action <> 'INSERT' order by 3 nulls first`.execute(tx);
  return rows;
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

/** In front of the item, which may know the time better. */
function backStamp({ lifecycle, missing }: Merge): RawBuilder<unknown> {
  if (!lifecycle || missing?.to === undefined) return sql``;
  const isBack = sql`r.data ->> ${lifecycle.field}::text = ${missing.to}`;
  return sql`case when ${isBack} then ${json(missing.stamp)}::jsonb else '{}' end || `;
}

function initialState({ lifecycle }: Merge): RawBuilder<unknown> {
  if (!lifecycle) return sql`'{}'::jsonb`;
  return sql`jsonb_build_object(${lifecycle.field}::text, ${lifecycle.initial}::text)`;
}
