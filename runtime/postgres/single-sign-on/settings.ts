import { sql } from 'kysely';
import type { MemberRole } from '../../auth/actions.ts';
import type { Sealed } from '../../secrets/envelope.ts';
import { noteChange } from '../audit/note-change.ts';
import type { Tx } from '../database.ts';

/** A tenant's OpenID provider, as it may be shown. */
export interface SingleSignOn {
  /** Address under which the provider says everything about itself, exactly as it writes it. */
  readonly issuer: string;
  readonly clientId: string;
  /** Of the e-mail addresses that are let in, in lower case. */
  readonly domains: readonly string[];
  /** Role of who comes for the first time; null where only those come in who were invited. */
  readonly newcomers: MemberRole | null;
  /** A password opens the tenant too. */
  readonly passwords: boolean;
}

export interface SealedSingleSignOn extends SingleSignOn {
  /** The client's secret. */
  readonly sealed: Sealed;
}

/** As it is stored; without the secret where that was given up with a master key that was lost. */
export interface StoredSingleSignOn extends SingleSignOn {
  readonly sealed: Sealed | null;
}

interface Stored extends SingleSignOn {
  readonly secret: Buffer | null;
  readonly wrappedKey: Buffer | null;
  readonly keyId: string | null;
}

/** Nothing where the tenant has none. */
export async function loadSingleSignOn(tx: Tx, tenant: string): Promise<StoredSingleSignOn | undefined> {
  const { rows } = await sql<Stored>`
    select issuer, client_id as "clientId", domains, newcomers, passwords,
      secret, wrapped_key as "wrappedKey", key_id as "keyId"
    from millrace.single_sign_on where tenant_id = ${tenant}`.execute(tx);
  if (!rows[0]) return undefined;
  const { secret, wrappedKey, keyId, ...shown } = rows[0];
  return { ...shown, sealed: secret && wrappedKey && keyId ? { secret, wrappedKey, keyId } : null };
}

export async function storeSingleSignOn(
  tx: Tx,
  tenant: string,
  { sealed, ...shown }: SealedSingleSignOn,
  before: SingleSignOn | undefined,
): Promise<void> {
  const { issuer, clientId, domains, newcomers, passwords } = shown;
  const { secret, wrappedKey, keyId } = sealed;
  await sql`
    insert into millrace.single_sign_on
      (tenant_id, issuer, client_id, secret, wrapped_key, key_id, domains, newcomers, passwords)
    values (${tenant}, ${issuer}, ${clientId}, ${secret}, ${wrappedKey}, ${keyId}, ${domains}, ${newcomers}, ${passwords})
    on conflict (tenant_id) do update set
      issuer = excluded.issuer, client_id = excluded.client_id, secret = excluded.secret,
      wrapped_key = excluded.wrapped_key, key_id = excluded.key_id, domains = excluded.domains,
      newcomers = excluded.newcomers, passwords = excluded.passwords`.execute(tx);
  await note(tx, tenant, before, shown);
}

/** False where there was none. */
export async function removeSingleSignOn(tx: Tx, tenant: string): Promise<boolean> {
  const before = await loadSingleSignOn(tx, tenant);
  if (!before) return false;
  await sql`delete from millrace.single_sign_on where tenant_id = ${tenant}`.execute(tx);
  const { sealed: _, ...shown } = before;
  await note(tx, tenant, shown, undefined);
  return true;
}

function note(tx: Tx, tenant: string, before: SingleSignOn | undefined, after: SingleSignOn | undefined) {
  const values = { before: before && { ...before }, after: after && { ...after } };
  return noteChange(tx, { tenant, action: 'sign-in.edit', target: 'sign-in/single-sign-on', ...values });
}
