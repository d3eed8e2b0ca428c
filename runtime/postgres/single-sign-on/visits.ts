import { sql } from 'kysely';
import type { Proof } from '../../oauth2/proof.ts';
import type { Tx } from '../database.ts';

/** Somebody is on the way to the tenant's OpenID provider. */
export interface Visit {
  /** Of PKCE. */
  readonly verifier: string;
  readonly nonce: string;
  /** The provider, as it was when they left. */
  readonly issuer: string;
  readonly redirectUri: string;
}

export async function beginVisit(
  tx: Tx,
  tenant: string,
  { verifier, nonce, issuer, redirectUri }: Visit,
  { state, browser }: Proof,
  withinMs: number,
): Promise<void> {
  await sql`delete from millrace.single_sign_on_visit where expires_at < millrace.now()`.execute(tx);
  await sql`
    insert into millrace.single_sign_on_visit
      (state_hash, tenant_id, browser_hash, verifier, nonce, issuer, redirect_uri, expires_at)
    values (${state}, ${tenant}, ${browser}, ${verifier}, ${nonce}, ${issuer}, ${redirectUri},
      millrace.now() + ${withinMs} * interval '1 ms')`.execute(tx);
}

/** Id of the tenant whose state it is. Scanner's transaction. */
export async function tenantOfVisit(tx: Tx, state: Buffer): Promise<string | undefined> {
  const { rows } = await sql<{ tenant: string }>`
    select tenant_id as tenant from millrace.single_sign_on_visit where state_hash = ${state}`.execute(tx);
  return rows[0]?.tenant;
}

/** Ends it: nobody comes back twice. Nothing where it is over, or another browser's. */
export async function endVisit(tx: Tx, { state, browser }: Proof): Promise<Visit | undefined> {
  const { rows } = await sql<Visit>`
    delete from millrace.single_sign_on_visit
    where state_hash = ${state} and browser_hash = ${browser} and expires_at > millrace.now()
    returning verifier, nonce, issuer, redirect_uri as "redirectUri"`.execute(tx);
  return rows[0];
}
