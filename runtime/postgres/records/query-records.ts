import type { JsonObject, RecordCondition } from '@millrace/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import { fieldOf, fits, partsAsked, timeColumns } from './conditions.ts';
import { recordByKey } from './record-by-key.ts';
import { recordsContaining } from './records-containing.ts';

/** A record that the asking burst has written and not committed. */
export interface UnwrittenRecord {
  readonly id: string;
  readonly data: JsonObject;
  readonly version: number;
}

export interface RecordSelection {
  readonly tenant: string;
  readonly environment: string;
  readonly type: string;
  readonly where: readonly RecordCondition[];
  readonly order: RecordOrder;
  readonly limit: number;
  /** Stand in place of what is stored. */
  readonly unwritten: readonly UnwrittenRecord[];
}

export interface RecordOrder {
  /** `$id`, `$created`, `$updated`, or a field. */
  readonly by: string;
  readonly descending: boolean;
  /** Values of the last record of the page before. */
  readonly after?: { readonly place: string; readonly id: string };
}

export interface SelectedRecord extends UnwrittenRecord {
  /** What it was ordered by, as text. */
  readonly place: string;
}

/**
 * Records that fit every condition, in the order wished for, by id where that leaves it open. The first condition that asks
 * for certain values goes by the index on the data, where it leaves few; all others are asked of each record.
 * @param ask does the one statement, and then the other
 */
export async function queryRecords(
  ask: <T>(statement: (tx: Tx) => Promise<T>) => Promise<T>,
  selection: RecordSelection,
): Promise<SelectedRecord[]> {
  const parts = partsAsked(selection.where);
  const ids = parts && (await ask((tx) => recordsContaining(tx, selection, parts)));
  return ask((tx) => selectRecords(tx, selection, ids));
}

async function selectRecords(
  tx: Tx,
  selection: RecordSelection,
  ids: readonly string[] | undefined,
): Promise<SelectedRecord[]> {
  const { order, where, limit } = selection;
  const { expression, type } = placeOf(order.by);
  const direction = sql.raw(order.descending ? 'desc' : 'asc');
  const conditions = [
    ...where.map((condition) => fits(condition, 'record')),
    ...(order.after ? [beyond(order, order.after)] : []),
  ];
  const { rows: found } = await sql<SelectedRecord>`
    select id, data, version, ${expression}::text as place
    from ${visible(selection, ids)} as record
    where ${conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`}
    order by ${expression}::${type} ${direction}, id ${direction} limit ${limit}`.execute(tx);
  return found;
}

/**
 * What the burst sees: the stored records of the type, with its own unwritten ones in their place.
 * @param ids of the stored ones that are asked for; nothing where any may be
 */
function visible(
  { tenant, environment, type, unwritten }: RecordSelection,
  ids: readonly string[] | undefined,
): RawBuilder<unknown> {
  const whole = sql`
    select id, data, version, created_at, updated_at from millrace.record
    where tenant_id = ${tenant} and environment = ${environment} and type = ${type}`;
  const stored = ids
    ? sql`
    select record.id, data, version, created_at, updated_at from unnest(${ids}::text[]) as asked (id)
      cross join lateral (${recordByKey(tenant, environment, type, sql.ref('asked.id'))}) as record`
    : whole;
  if (unwritten.length === 0) return sql`(${stored})`;
  const own = sql`json_to_recordset(${rows(unwritten)}) as own (id text, data jsonb, version int)`;
  return sql`(
    select * from (${stored}) as stored where not exists (select from ${own} where own.id = stored.id)
    union all
    select own.id, own.data, own.version, coalesce(stored.created_at, millrace.now()), millrace.now()
    from ${own} left join (${whole}) as stored on stored.id = own.id)`;
}

/** Fields are ordered as `jsonb` orders them: by kind, then numbers by value, texts by the database's collation. */
function placeOf(by: string): { expression: RawBuilder<unknown>; type: RawBuilder<unknown> } {
  if (by === '$id') return { expression: sql`id`, type: sql.raw('text') };
  const column = timeColumns[by];
  if (column) return { expression: sql.ref(column), type: sql.raw('timestamptz') };
  return { expression: sql`coalesce(${fieldOf('record', by)}, 'null'::jsonb)`, type: sql.raw('jsonb') };
}

function beyond({ by, descending }: RecordOrder, after: { place: string; id: string }): RawBuilder<unknown> {
  const { expression, type } = placeOf(by);
  const comparison = sql.raw(descending ? '<' : '>');
  return sql`(${expression}::${type}, id) ${comparison} (${after.place}::${type}, ${after.id})`;
}
