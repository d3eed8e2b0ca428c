import { sql } from 'kysely';
import { noteChange } from '../audit/note-change.ts';
import type { Tx } from '../database.ts';

/** How members of a tenant sign in. */
export interface SignInRules {
  /** Whoever signs in with a password needs a code besides. */
  readonly secondFactorNeeded: boolean;
  /** An OpenID provider of the tenant's own lets people in. */
  readonly singleSignOn: boolean;
  /** A password opens the tenant. */
  readonly passwords: boolean;
}

/** Nothing where there is no such tenant. Scanner's transaction, since it is asked before a session is believed. */
export async function signInRules(tx: Tx, tenant: string): Promise<SignInRules | undefined> {
  const { rows } = await sql<SignInRules>`
    select second_factor_needed as "secondFactorNeeded", single.tenant_id is not null as "singleSignOn",
      coalesce(single.passwords, true) as passwords
    from millrace.tenant left join millrace.single_sign_on as single on single.tenant_id = tenant.id
    where tenant.id = ${tenant}`.execute(tx);
  return rows[0];
}

export async function setSecondFactorNeeded(tx: Tx, tenant: string, needed: boolean): Promise<void> {
  const { rows } = await sql<{ before: boolean }>`
    update millrace.tenant set second_factor_needed = ${needed} where id = ${tenant}
    returning old.second_factor_needed as before`.execute(tx);
  const values = { before: { secondFactorNeeded: rows[0]?.before }, after: { secondFactorNeeded: needed } };
  await noteChange(tx, { tenant, action: 'sign-in.edit', target: 'sign-in', ...values });
}
