import { sql } from 'kysely';
import type { Sealed } from '../../secrets/envelope.ts';
import type { Tx } from '../database.ts';

/** The tables with something sealed, each with the text that it is sealed for; a row's id is unique in its table. */
const places = {
  connection: { table: sql.table('millrace.connection'), id: sql.ref('id'), owner: sql`tenant_id || '/' || id` },
  channel: { table: sql.table('millrace.alert_channel'), id: sql.ref('id'), owner: sql`tenant_id || '/' || id` },
  grant: {
    table: sql.table('millrace.connection_grant'),
    id: sql.ref('connection_id'),
    owner: sql`tenant_id || '/' || connection_id || '/grant'`,
  },
  singleSignOn: {
    table: sql.table('millrace.single_sign_on'),
    id: sql.ref('tenant_id'),
    owner: sql`tenant_id || '/single-sign-on'`,
  },
};
export type SealedPlace = keyof typeof places;
export const sealedPlaces = Object.keys(places) as readonly SealedPlace[];

export interface SealedRow extends Sealed {
  readonly id: string;
  readonly owner: string;
}

/** Rows that are sealed under another key than this one, locked: nobody else changes them before the transaction ends. */
export async function lockSealedOtherwise(
  tx: Tx,
  place: SealedPlace,
  keyId: string,
  limit: number,
): Promise<SealedRow[]> {
  const { table, id, owner } = places[place];
  const { rows } = await sql<SealedRow>`
    select ${id} as id, ${owner} as owner, secret, wrapped_key as "wrappedKey", key_id as "keyId" from ${table}
    where key_id <> ${keyId} order by ${id} limit ${limit} for update`.execute(tx);
  return rows;
}

export async function replaceSealed(
  tx: Tx,
  place: SealedPlace,
  row: string,
  { secret, wrappedKey, keyId }: Sealed,
): Promise<void> {
  const { table, id } = places[place];
  await sql`
    update ${table} set secret = ${secret}, wrapped_key = ${wrappedKey}, key_id = ${keyId}
    where ${id} = ${row}`.execute(tx);
}

/** How many secrets of all tenants are sealed under which master key. Scanner's transaction. */
export async function countByKey(tx: Tx): Promise<Map<string, number>> {
  const each = sealedPlaces.map((place) => sql`select key_id from ${places[place].table} where key_id is not null`);
  const { rows } = await sql<{ key: string; count: number }>`
    select key_id as key, count(*) as count from (${sql.join(each, sql` union all `)}) as sealed
    group by key_id order by key_id`.execute(tx);
  return new Map(rows.map(({ key, count }) => [key, count]));
}
