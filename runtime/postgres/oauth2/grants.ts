import { sql } from 'kysely';
import type { Sealed } from '../../secrets/envelope.ts';
import type { Tx } from '../database.ts';

/** What a connection has been granted, as it is stored. */
export interface GrantRow {
  /** Nothing before the first token. */
  readonly sealed: Sealed | null;
  /** The access token need not be renewed yet. */
  readonly isFresh: boolean;
  /** The access token has not run out. */
  readonly isValid: boolean;
  /** Why the other side does not renew it any more. */
  readonly ended: string | null;
}

interface Stored extends Omit<GrantRow, 'sealed'> {
  readonly secret: Buffer | null;
  readonly wrappedKey: Buffer | null;
  readonly keyId: string | null;
}

const columns = sql`
  secret, wrapped_key as "wrappedKey", key_id as "keyId", ended,
  secret is not null and coalesce(renew_at > millrace.now(), true) as "isFresh",
  secret is not null and coalesce(expires_at > millrace.now(), true) as "isValid"`;

function asRow({ secret, wrappedKey, keyId, ...grant }: Stored): GrantRow {
  return { ...grant, sealed: secret && wrappedKey && keyId ? { secret, wrappedKey, keyId } : null };
}

export async function loadGrant(tx: Tx, connection: string): Promise<GrantRow | undefined> {
  const { rows } = await sql<Stored>`
    select ${columns} from millrace.connection_grant where connection_id = ${connection}`.execute(tx);
  return rows[0] && asRow(rows[0]);
}

/**
 * Takes it on to ask for a new access token, where one is needed and nobody else does: no token is ever spent twice.
 * Nothing where it is not so.
 * @param holder an id of this very attempt
 */
export async function takeGrant(
  tx: Tx,
  connection: string,
  holder: string,
  leaseMs: number,
): Promise<GrantRow | undefined> {
  const { rows } = await sql<Stored>`
    insert into millrace.connection_grant as held (connection_id, tenant_id, holder, held_until)
    select id, tenant_id, ${holder}, millrace.now() + ${leaseMs} * interval '1 ms'
    from millrace.connection where id = ${connection}
    on conflict (connection_id) do update set holder = excluded.holder, held_until = excluded.held_until
      where (held.held_until is null or held.held_until < millrace.now()) and held.ended is null
        and (held.secret is null or held.renew_at <= millrace.now())
    returning ${columns}`.execute(tx);
  return rows[0] && asRow(rows[0]);
}

/** Seconds from now on. */
export interface Lifetime {
  /** From when on it is renewed; null: when it is refused. */
  readonly renewIn: number | null;
  readonly expiresIn: number | null;
}

/** Stores new tokens, of who has taken the grant on; not where a person has authorised the connection anew meanwhile. */
export async function renewGrant(
  tx: Tx,
  connection: string,
  holder: string,
  sealed: Sealed,
  lifetime: Lifetime,
): Promise<void> {
  await sql`
    update millrace.connection_grant set ${tokens(sealed, lifetime)}
    where connection_id = ${connection} and holder = ${holder}`.execute(tx);
}

/** Stores the first tokens of a person's authorisation, in place of what there was. */
export async function storeGrant(tx: Tx, connection: string, sealed: Sealed, lifetime: Lifetime): Promise<void> {
  await sql`
    insert into millrace.connection_grant (connection_id, tenant_id)
    select id, tenant_id from millrace.connection where id = ${connection} on conflict do nothing`.execute(tx);
  await sql`
    update millrace.connection_grant set ${tokens(sealed, lifetime)} where connection_id = ${connection}`.execute(tx);
}

function tokens({ secret, wrappedKey, keyId }: Sealed, { renewIn, expiresIn }: Lifetime) {
  return sql`secret = ${secret}, wrapped_key = ${wrappedKey}, key_id = ${keyId}, ended = null, holder = null,
    held_until = null, renewed_at = millrace.now(), renew_at = millrace.now() + ${renewIn} * interval '1 second',
    expires_at = millrace.now() + ${expiresIn} * interval '1 second'`;
}

/** Lets go of a grant whose renewal has failed. @param ended why it cannot be renewed any more, where it cannot */
export async function releaseGrant(tx: Tx, connection: string, holder: string, ended?: string): Promise<void> {
  await sql`
    update millrace.connection_grant set holder = null, held_until = null, ended = ${ended ?? null}
    where connection_id = ${connection} and holder = ${holder}`.execute(tx);
}

/** An access token that was refused is renewed at the next use, unless it has only just come. */
export async function distrustGrant(tx: Tx, connection: string, youngestSeconds: number): Promise<void> {
  await sql`
    update millrace.connection_grant set renew_at = millrace.now()
    where connection_id = ${connection} and renewed_at < millrace.now() - ${youngestSeconds} * interval '1 second'`.execute(
    tx,
  );
}

/** What was granted for one other side is not kept for another. */
export async function dropGrant(tx: Tx, connection: string): Promise<void> {
  await sql`delete from millrace.connection_grant where connection_id = ${connection}`.execute(tx);
}
