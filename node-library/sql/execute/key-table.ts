import { isObject, type Json, type JsonObject, MillraceError, writeJson } from '@millrace/contract';
import pg from 'pg';
import type { Session } from '../postgres/session.ts';

/** `table` or `schema.table`. */
export const keyTablePattern = '^[A-Za-z_][A-Za-z0-9_]{0,62}(\\.[A-Za-z_][A-Za-z0-9_]{0,62})?$';

/** The table's name as it stands in SQL. */
export type KeyTable = string & { readonly keyTable: true };

export function asKeyTable(name: string): KeyTable {
  return name.split('.').map(pg.escapeIdentifier).join('.') as KeyTable;
}

/**
 * The result that an earlier transaction has left under the key. Where there is none the key is taken: another
 * transaction with the same key waits until this one has ended.
 */
export async function remembered(session: Session, table: KeyTable, key: string): Promise<JsonObject | undefined> {
  const taken = await session.run(`insert into ${table} (key, result) values ($1, 'null') on conflict do nothing`, [
    key,
  ]);
  if (taken.rowCount === 1) return undefined;
  const { rows } = await session.run(`select result from ${table} where key = $1`, [key]);
  const result: Json | undefined = rows[0]?.result;
  if (isObject(result)) return result;
  throw new MillraceError('SQL_KEY_TABLE_DAMAGED', 'The key table holds no result for a key that was used.');
}

export async function remember(session: Session, table: KeyTable, key: string, result: JsonObject): Promise<void> {
  await session.run(`update ${table} set result = $2 where key = $1`, [key, writeJson(result)]);
}
