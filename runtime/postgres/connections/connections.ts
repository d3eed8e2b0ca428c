import type { JsonObject } from '@millrace/contract';
import { type RawBuilder, sql } from 'kysely';
import type { Sealed } from '../../secrets/envelope.ts';
import { noteChange } from '../audit/note-change.ts';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

export interface ConnectionRow {
  readonly id: string;
  readonly tenant: string;
  readonly environment: string;
  readonly name: string;
  readonly type: string;
  /** Without secrets. */
  readonly config: JsonObject;
  readonly sealed: Sealed | null;
  /** Until when the secret that was replaced is valid; null where there is none, or for good. */
  readonly previousUntil: Date | null;
  /** Counts what it has held. */
  readonly revision: number;
  /** Since when flows use it: a test was good with what it holds. Null where there was none yet. */
  readonly provedAt: Date | null;
  /** Master key with which its secrets were given up; null where it has what it needs. */
  readonly lostKey: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What is stored of a connection by whoever creates or changes it. */
export type StoredConnection = Omit<
  ConnectionRow,
  'previousUntil' | 'revision' | 'provedAt' | 'lostKey' | 'createdAt' | 'updatedAt'
> &
  Partial<Pick<ConnectionRow, 'previousUntil' | 'provedAt'>>;

const columns = sql`
  id, tenant_id as tenant, environment, name, type, config, secret, wrapped_key, key_id,
  previous_until as "previousUntil", revision, proved_at as "provedAt", lost_key as "lostKey",
  created_at as "createdAt", updated_at as "updatedAt"`;

interface Stored extends Omit<ConnectionRow, 'sealed'> {
  readonly secret: Buffer | null;
  readonly wrapped_key: Buffer | null;
  readonly key_id: string | null;
}

function asRow({ secret, wrapped_key, key_id, ...row }: Stored): ConnectionRow {
  const sealed = secret && wrapped_key && key_id ? { secret, wrappedKey: wrapped_key, keyId: key_id } : null;
  return { ...row, sealed };
}

export async function loadConnection(tx: Tx, id: string): Promise<ConnectionRow | undefined> {
  const { rows } = await sql<Stored>`select ${columns} from millrace.connection where id = ${id}`.execute(tx);
  return rows[0] && asRow(rows[0]);
}

export async function listConnections(tx: Tx): Promise<ConnectionRow[]> {
  const { rows } = await sql<Stored>`
    select ${columns} from millrace.connection order by environment, name`.execute(tx);
  return rows.map(asRow);
}

/**
 * Creates the connection, or replaces the one of that id, which the caller chooses, since it is sealed in. Unless said
 * otherwise it is to be tested anew.
 */
export async function saveConnection(tx: Tx, row: StoredConnection): Promise<void> {
  const { rows } = await sql<{ before: Readonly<Record<string, unknown>> | null }>`
    insert into millrace.connection (id, tenant_id, environment, name, type, config, secret, wrapped_key, key_id,
      previous_until, proved_at)
    values (${row.id}, ${row.tenant}, ${row.environment}, ${row.name}, ${row.type}, ${json(row.config)},
      ${row.sealed?.secret ?? null}, ${row.sealed?.wrappedKey ?? null}, ${row.sealed?.keyId ?? null},
      ${row.previousUntil ?? null}, ${row.provedAt ?? null})
    on conflict (id) do update set
      name = excluded.name, config = excluded.config, secret = excluded.secret, wrapped_key = excluded.wrapped_key,
      key_id = excluded.key_id, previous_until = excluded.previous_until, proved_at = excluded.proved_at,
      lost_key = null, revision = connection.revision + 1, updated_at = millrace.now()
    returning case when old.id is not null then
      json_build_object('name', old.name, 'type', old.type, 'config', old.config, 'secrets', ${hiddenIf(sql`old.secret`)})
      end as before`.execute(tx);
  const { tenant, environment, name, type, config, sealed } = row;
  const after = { name, type, config, secrets: sealed ? hidden : null };
  const values = { before: rows[0]?.before ?? undefined, after };
  await noteChange(tx, { tenant, environment, action: 'connections.edit', target: `connections/${row.id}`, ...values });
}

/** Flows use the connection from now on, unless it holds something else by now than what was tested. */
export async function markProved(tx: Tx, { id, revision }: Pick<ConnectionRow, 'id' | 'revision'>): Promise<void> {
  await sql`
    update millrace.connection set proved_at = millrace.now()
    where id = ${id} and revision = ${revision} and proved_at is null`.execute(tx);
}

/** In place of secrets, of which the audit knows that there are some. */
const hidden = '[hidden]';

function hiddenIf(secret: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`case when ${secret} is not null then ${hidden}::text end`;
}

export async function findConnection(tx: Tx, environment: string, name: string): Promise<ConnectionRow | undefined> {
  const { rows } = await sql<Stored>`
    select ${columns} from millrace.connection where environment = ${environment} and name = ${name}`.execute(tx);
  return rows[0] && asRow(rows[0]);
}

/** The connection, locked: until the transaction ends nobody changes it, and no deployment begins to use it. */
export async function lockConnection(tx: Tx, id: string): Promise<ConnectionRow | undefined> {
  const { rows } = await sql<Stored>`
    select ${columns} from millrace.connection where id = ${id} for update`.execute(tx);
  return rows[0] && asRow(rows[0]);
}

/** Those of the ids that there are, kept from being removed until the transaction ends. */
export async function holdConnections(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from millrace.connection where id::text = any(${ids}) order by id for key share`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

interface Removed {
  readonly tenant: string;
  readonly environment: string;
  readonly before: Readonly<Record<string, unknown>>;
}

/** With its health and history. */
export async function removeConnection(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql<Removed>`
    delete from millrace.connection where id = ${id}
    returning tenant_id as tenant, environment, json_build_object('name', name, 'type', type, 'config', config,
      'secrets', ${hiddenIf(sql`secret`)}) as before`.execute(tx);
  for (const removed of rows)
    await noteChange(tx, { ...removed, action: 'connections.edit', target: `connections/${id}` });
}

/** Connections with a previous secret whose time is over. */
export async function replacedLongAgo(tx: Tx): Promise<{ readonly tenant: string; readonly id: string }[]> {
  const { rows } = await sql<{ tenant: string; id: string }>`
    select tenant_id as tenant, id from millrace.connection where previous_until <= millrace.now() order by id`.execute(
    tx,
  );
  return rows;
}
