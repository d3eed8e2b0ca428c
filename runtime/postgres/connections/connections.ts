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
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const columns = sql`
  id, tenant_id as tenant, environment, name, type, config, secret, wrapped_key, key_id,
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

/** Creates the connection, or replaces the one of that name in the environment. The id is chosen by the caller, since it is sealed in. */
export async function saveConnection(tx: Tx, row: Omit<ConnectionRow, 'createdAt' | 'updatedAt'>): Promise<void> {
  const { rows } = await sql<{ before: Readonly<Record<string, unknown>> | null }>`
    insert into millrace.connection (id, tenant_id, environment, name, type, config, secret, wrapped_key, key_id)
    values (${row.id}, ${row.tenant}, ${row.environment}, ${row.name}, ${row.type}, ${json(row.config)},
      ${row.sealed?.secret ?? null}, ${row.sealed?.wrappedKey ?? null}, ${row.sealed?.keyId ?? null})
    on conflict (id) do update set
      name = excluded.name, config = excluded.config, secret = excluded.secret, wrapped_key = excluded.wrapped_key,
      key_id = excluded.key_id, updated_at = millrace.now()
    returning case when old.id is not null then
      json_build_object('name', old.name, 'type', old.type, 'config', old.config, 'secrets', ${hiddenIf(sql`old.secret`)})
      end as before`.execute(tx);
  const { tenant, environment, name, type, config, sealed } = row;
  const after = { name, type, config, secrets: sealed ? hidden : null };
  const values = { before: rows[0]?.before ?? undefined, after };
  await noteChange(tx, { tenant, environment, action: 'connections.edit', target: `connections/${row.id}`, ...values });
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
