import type { Json } from '@millrace/contract';
import { sql } from 'kysely';
import { noteChange } from '../audit/note-change.ts';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';

/** Whose table. */
export interface TableAddress {
  readonly tenant: string;
  readonly environment: string;
  readonly name: string;
}

export interface CodeEntry {
  readonly key: string;
  readonly value: Json;
  /** First day on which it holds, and first day on which it no longer does; null where it is open. ISO dates. */
  readonly validFrom: string | null;
  readonly validTo: string | null;
}

export interface CodeTableRow {
  readonly name: string;
  readonly title: string;
  readonly version: number;
  readonly entries: number;
  readonly updatedAt: Date;
}

export async function listCodeTables(tx: Tx, tenant: string, environment: string): Promise<CodeTableRow[]> {
  const { rows: found } = await sql<CodeTableRow>`
    select name, title, version, updated_at as "updatedAt", (
      select count(*) from millrace.code_entry as entry
      where (entry.tenant_id, entry.environment, entry.name) = (t.tenant_id, t.environment, t.name)) as entries
    from millrace.code_table as t where tenant_id = ${tenant} and environment = ${environment} order by name`.execute(
    tx,
  );
  return found;
}

export async function saveCodeTable(tx: Tx, { tenant, environment, name }: TableAddress, title: string): Promise<void> {
  const { rows: saved } = await sql<{ was: string | null }>`
    insert into millrace.code_table (tenant_id, environment, name, title)
    values (${tenant}, ${environment}, ${name}, ${title})
    on conflict (tenant_id, environment, name) do update set title = excluded.title, updated_at = millrace.now()
    returning old.title as was`.execute(tx);
  const was = saved[0]?.was ?? null;
  await noteTable(tx, { tenant, environment, name }, was === null ? undefined : { title: was }, { title });
}

/** Tells the audit of a change of a table. */
export function noteTable(
  tx: Tx,
  { tenant, environment, name }: TableAddress,
  before: Readonly<Record<string, unknown>> | undefined,
  after: Readonly<Record<string, unknown>> | undefined,
): Promise<void> {
  const action = 'code-tables.edit';
  return noteChange(tx, { tenant, environment, action, target: `code-tables/${name}`, before, after });
}

/** True where it was there; its entries go with it. */
export async function deleteCodeTable(tx: Tx, { tenant, environment, name }: TableAddress): Promise<boolean> {
  const { rows: deleted } = await sql<{ title: string; version: number }>`
    delete from millrace.code_table
    where tenant_id = ${tenant} and environment = ${environment} and name = ${name} returning title, version`.execute(
    tx,
  );
  const [before] = deleted;
  if (before) await noteTable(tx, { tenant, environment, name }, { ...before }, undefined);
  return before !== undefined;
}

const entryColumns = sql`
  key, value, nullif(valid_from, '-infinity')::text as "validFrom", nullif(valid_to, 'infinity')::text as "validTo"`;

/** Raises the version and locks the table for the transaction; the new version, or nothing where there is no table. */
export async function beginChange(tx: Tx, { tenant, environment, name }: TableAddress): Promise<number | undefined> {
  const { rows: found } = await sql<{ version: number }>`
    update millrace.code_table set version = version + 1, updated_at = millrace.now()
    where tenant_id = ${tenant} and environment = ${environment} and name = ${name} returning version`.execute(tx);
  return found[0]?.version;
}

/** Takes away the entries of these keys, or all; answers them. */
export async function removeEntries(
  tx: Tx,
  { tenant, environment, name }: TableAddress,
  keys: readonly string[] | 'all',
): Promise<CodeEntry[]> {
  const which = keys === 'all' ? sql`true` : sql`key = any (${keys})`;
  const { rows: removed } = await sql<CodeEntry>`
    delete from millrace.code_entry
    where tenant_id = ${tenant} and environment = ${environment} and name = ${name} and ${which}
    returning ${entryColumns}`.execute(tx);
  return removed;
}

export async function addEntries(
  tx: Tx,
  { tenant, environment, name }: TableAddress,
  entries: readonly CodeEntry[],
): Promise<void> {
  await sql`
    insert into millrace.code_entry (tenant_id, environment, name, key, value, valid_from, valid_to)
    select ${tenant}, ${environment}, ${name}, key, value, coalesce("validFrom", '-infinity'), coalesce("validTo", 'infinity')
    from json_to_recordset(${rows(entries)}) as new (key text, value json, "validFrom" date, "validTo" date)`.execute(
    tx,
  );
}

export interface TableSize {
  readonly entries: number;
  readonly characters: number;
  /** A key of which two entries hold on the same day. */
  readonly overlapping: string | null;
}

export async function measureTable(tx: Tx, { tenant, environment, name }: TableAddress): Promise<TableSize> {
  const mine = sql`tenant_id = ${tenant} and environment = ${environment} and name = ${name}`;
  const { rows: found } = await sql<TableSize>`
    select count(*) as entries, coalesce(sum(length(key) + length(value::text)), 0)::bigint as characters, (
      select a.key from (select * from millrace.code_entry where ${mine}) as a
      join (select * from millrace.code_entry where ${mine}) as b
        on b.key = a.key and a.valid_from < b.valid_from and b.valid_from < a.valid_to
      limit 1) as overlapping
    from millrace.code_entry where ${mine}`.execute(tx);
  return found[0] as TableSize;
}

/** Entries behind the given key, all periods of a key together, in the order of keys and days. */
export async function listEntries(
  tx: Tx,
  { tenant, environment, name }: TableAddress,
  page: { readonly after?: string; readonly keys?: number } = {},
): Promise<CodeEntry[]> {
  const mine = sql`tenant_id = ${tenant} and environment = ${environment} and name = ${name} and key > ${page.after ?? ''}`;
  const { rows: found } = await sql<CodeEntry>`
    select ${entryColumns}
    from millrace.code_entry
    where ${mine} and key in (select distinct key from millrace.code_entry where ${mine} order by key limit ${page.keys ?? null})
    order by key, valid_from`.execute(tx);
  return found;
}

/** What tells one state of a table from another, for those of the named tables that there are. */
export async function loadStamps(
  tx: Tx,
  { tenant, environment }: Pick<TableAddress, 'tenant' | 'environment'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  // A table that was deleted and made again begins with version 1 again.
  const { rows: found } = await sql<{ name: string; stamp: string }>`
    select name, version || ' ' || updated_at as stamp from millrace.code_table
    where tenant_id = ${tenant} and environment = ${environment} and name = any (${names})`.execute(tx);
  return new Map(found.map(({ name, stamp }) => [name, stamp]));
}
