import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { findPayload, type StoredPayload } from '../payloads/payload.ts';

const page = 200;

/** The next complete payloads behind one. */
export async function nextPayloads(tx: Tx, after: string): Promise<StoredPayload[]> {
  const { rows } = await sql<{ id: string }>`
    select id from millrace.payload where id > ${after} and sha256 is not null order by id limit ${page}`.execute(tx);
  const found = await Promise.all(rows.map(({ id }) => findPayload(tx, id)));
  return found.filter((payload) => payload !== undefined);
}

/** Runs that hold a payload. */
export async function holdersOf(tx: Tx, payloads: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ run: string }>`
    select run_id as run from millrace.payload where id = any(${payloads}::uuid[]) and run_id is not null
    union select run_id from millrace.payload_use where payload_id = any(${payloads}::uuid[])`.execute(tx);
  return rows.map(({ run }) => run);
}

/** Payloads that runs hold. */
export async function heldBy(tx: Tx, runs: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from millrace.payload where run_id = any(${runs}::uuid[])
    union select payload_id from millrace.payload_use where run_id = any(${runs}::uuid[])`.execute(tx);
  return rows.map(({ id }) => id);
}
