import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** A payload whose content is still to come. */
export interface NewPayload {
  readonly id: string;
  readonly tenant: string;
  readonly run: string | null;
  readonly name: string;
  readonly mediaType: string;
  readonly place: string;
}

/** What is known once the content is complete. */
export interface PayloadMeasure {
  readonly bytes: number;
  readonly sha256: string;
  readonly lines: readonly number[] | null;
}

/** A complete payload. */
export interface StoredPayload {
  readonly id: string;
  readonly tenant: string;
  readonly run: string | null;
  readonly name: string;
  readonly mediaType: string;
  readonly place: string;
  readonly bytes: number;
  readonly sha256: string;
}

const columns = sql`
  id, tenant_id as tenant, run_id as run, name, media_type as "mediaType", place, bytes, sha256`;

export async function insertPayload(tx: Tx, { id, tenant, run, name, mediaType, place }: NewPayload): Promise<void> {
  await sql`
    insert into millrace.payload (id, tenant_id, run_id, name, media_type, place)
    values (${id}, ${tenant}, ${run}, ${name}, ${mediaType}, ${place})`.execute(tx);
}

export async function completePayload(tx: Tx, id: string, { bytes, sha256, lines }: PayloadMeasure): Promise<void> {
  await sql`
    update millrace.payload set bytes = ${bytes}, sha256 = ${sha256}, lines = ${lines}::bigint[]
    where id = ${id}`.execute(tx);
}

/** A payload of the transaction's tenants; one whose content is still to come does not exist yet. */
export async function findPayload(tx: Tx, id: string): Promise<StoredPayload | undefined> {
  const { rows } = await sql<StoredPayload>`
    select ${columns} from millrace.payload where id = ${id} and sha256 is not null`.execute(tx);
  return rows[0];
}

/** A payload of the run with this very content and media type. */
export async function findByContent(
  tx: Tx,
  { run, sha256, mediaType }: { run: string; sha256: string; mediaType: string },
): Promise<StoredPayload | undefined> {
  const { rows } = await sql<StoredPayload>`
    select ${columns} from millrace.payload
    where run_id = ${run} and sha256 = ${sha256} and media_type = ${mediaType} order by id limit 1`.execute(tx);
  return rows[0];
}

/** Byte offset of the given thousand of a list's items, from 0; nothing where the list is shorter. */
export async function lineOffset(tx: Tx, id: string, thousand: number): Promise<number | undefined> {
  const { rows } = await sql<{ offset: number | null }>`
    select lines[${thousand + 1}::integer] as offset from millrace.payload where id = ${id}`.execute(tx);
  return rows[0]?.offset ?? undefined;
}

export async function deletePayloads(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`delete from millrace.payload where id = any(${ids}::uuid[])`.execute(tx);
}
