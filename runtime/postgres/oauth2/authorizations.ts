import { sql } from 'kysely';
import type { Proof } from '../../oauth2/proof.ts';
import type { Tx } from '../database.ts';

/** Somebody is on the way to the other side, to authorise a connection. */
export interface Authorization {
  readonly connection: string;
  /** Of PKCE. */
  readonly verifier: string;
  readonly redirectUri: string;
}

export async function beginAuthorization(
  tx: Tx,
  { connection, verifier, redirectUri }: Authorization,
  { state, browser }: Proof,
  withinMs: number,
): Promise<void> {
  await sql`delete from millrace.oauth2_authorization where expires_at < millrace.now()`.execute(tx);
  await sql`
    insert into millrace.oauth2_authorization
      (state_hash, tenant_id, connection_id, browser_hash, verifier, redirect_uri, expires_at)
    select ${state}, tenant_id, id, ${browser}, ${verifier}, ${redirectUri},
      millrace.now() + ${withinMs} * interval '1 ms'
    from millrace.connection where id = ${connection}`.execute(tx);
}

/** Id of the tenant whose state it is. Scanner's transaction. */
export async function tenantOfState(tx: Tx, state: Buffer): Promise<string | undefined> {
  const { rows } = await sql<{ tenant: string }>`
    select tenant_id as tenant from millrace.oauth2_authorization where state_hash = ${state}`.execute(tx);
  return rows[0]?.tenant;
}

/** Ends it: nobody comes back twice. Nothing where it is over, or another browser's. */
export async function endAuthorization(tx: Tx, { state, browser }: Proof): Promise<Authorization | undefined> {
  const { rows } = await sql<Authorization>`
    delete from millrace.oauth2_authorization
    where state_hash = ${state} and browser_hash = ${browser} and expires_at > millrace.now()
    returning connection_id as connection, verifier, redirect_uri as "redirectUri"`.execute(tx);
  return rows[0];
}
