import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** How a connection fares now. */
export interface ConnectionHealth {
  readonly ok: boolean;
  readonly since: Date;
  /** When it last worked; null where it never did. */
  readonly lastOkAt: Date | null;
  /** When a flow last used it well, give or take ten seconds; null where none ever did. */
  readonly lastUsedAt: Date | null;
  /** Why it is not ok; null where it is. */
  readonly code: string | null;
  readonly message: string | null;
}

/** A test, or uses that failed alike one after the other, or the first that worked again. */
export interface ConnectionEvent {
  readonly id: string;
  readonly kind: 'test' | 'use';
  readonly ok: boolean;
  readonly code: string | null;
  readonly message: string;
  readonly times: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** How a test or uses went. */
export interface Outcome {
  readonly connection: string;
  readonly kind: ConnectionEvent['kind'];
  readonly ok: boolean;
  readonly category?: string | undefined;
  readonly code?: string | undefined;
  /** One sentence. */
  readonly message: string;
  /** Uses that went alike. */
  readonly times: number;
}

/** Events of a connection that are kept. */
const keptEvents = 100;

/** Notes how a test or uses went; what is of a connection that is gone is nobody's. */
export async function noteOutcome(tx: Tx, outcome: Outcome): Promise<void> {
  const isChange = await noteHealth(tx, outcome);
  if (outcome.kind === 'use' && outcome.ok && !isChange) return;
  if (await countWithNewest(tx, outcome)) return;
  await insertEvent(tx, outcome);
  await forgetOldEvents(tx, outcome.connection);
}

/** True where the connection was well and is not, or the other way round. */
async function noteHealth(tx: Tx, { connection, kind, ok, category, code, message }: Outcome): Promise<boolean> {
  const why = ok ? [null, null, null] : [category ?? null, code ?? null, message];
  const { rows } = await sql<{ isChange: boolean }>`
    insert into millrace.connection_health as health
      (connection_id, tenant_id, ok, last_ok_at, last_used_at, category, code, message)
    select id, tenant_id, ${ok}, case when ${ok} then millrace.now() end,
      case when ${ok && kind === 'use'} then millrace.now() end, ${sql.join(why)}
    from millrace.connection where id = ${connection}
    on conflict (connection_id) do update set
      ok = excluded.ok, since = case when health.ok = excluded.ok then health.since else excluded.since end,
      last_ok_at = coalesce(excluded.last_ok_at, health.last_ok_at),
      last_used_at = coalesce(excluded.last_used_at, health.last_used_at),
      category = case when not excluded.ok then coalesce(excluded.category, health.category) end, code = excluded.code, message = excluded.message
    returning coalesce(old.ok, true) <> new.ok as "isChange"`.execute(tx);
  return rows[0]?.isChange === true;
}

/** Uses that fail as the newest event says are one event with it. */
async function countWithNewest(tx: Tx, { connection, kind, ok, code, message, times }: Outcome): Promise<boolean> {
  if (kind === 'test' || ok) return false;
  const { rows } = await sql`
    update millrace.connection_event set times = times + ${times}, last_at = millrace.now(), message = ${message}
    where id = (select id from millrace.connection_event where connection_id = ${connection} order by id desc limit 1)
      and kind = ${kind} and not ok and code is not distinct from ${code ?? null} returning id`.execute(tx);
  return rows.length > 0;
}

async function insertEvent(tx: Tx, { connection, kind, ok, code, message, times }: Outcome): Promise<void> {
  await sql`
    insert into millrace.connection_event (connection_id, tenant_id, kind, ok, code, message, times)
    select id, tenant_id, ${kind}, ${ok}, ${code ?? null}, ${message}, ${times}
    from millrace.connection where id = ${connection}`.execute(tx);
}

async function forgetOldEvents(tx: Tx, connection: string): Promise<void> {
  await sql`
    delete from millrace.connection_event where connection_id = ${connection} and id < (
      select id from millrace.connection_event where connection_id = ${connection}
      order by id desc offset ${keptEvents - 1} limit 1)`.execute(tx);
}

/** Connection id → how it fares; one that was never used or tested has no health. */
export async function listHealth(tx: Tx): Promise<Map<string, ConnectionHealth>> {
  const { rows } = await sql<ConnectionHealth & { connection: string }>`
    select connection_id as connection, ok, since, last_ok_at as "lastOkAt", last_used_at as "lastUsedAt", code, message
    from millrace.connection_health`.execute(tx);
  return new Map(rows.map(({ connection, ...health }) => [connection, health]));
}

/** Newest first. */
export async function listEvents(tx: Tx, connection: string): Promise<ConnectionEvent[]> {
  const { rows } = await sql<ConnectionEvent>`
    select id, kind, ok, code, message, times, first_at as "firstAt", last_at as "lastAt"
    from millrace.connection_event where connection_id = ${connection} order by id desc`.execute(tx);
  return rows;
}

/** A connection that cannot be used before somebody mends its login. */
export interface RefusedLogin {
  readonly tenant: string;
  readonly environment: string;
  readonly connection: string;
  readonly name: string;
  readonly message: string;
}

export async function refusedLogins(tx: Tx, tenants: readonly string[]): Promise<RefusedLogin[]> {
  const { rows } = await sql<RefusedLogin>`
    select connection.tenant_id as tenant, environment, connection.id as connection, name, message
    from millrace.connection_health as health join millrace.connection on connection.id = health.connection_id
    where not ok and category = 'auth' and health.tenant_id = any(${tenants}::uuid[])
    order by connection.id`.execute(tx);
  return rows;
}
