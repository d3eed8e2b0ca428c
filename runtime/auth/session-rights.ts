import type { SignInRules } from '../postgres/tenants/sign-in-rules.ts';
import { type Rights, rightsOf } from './rights.ts';

/** What is known of a session when somebody shows it. */
export interface ShownSession {
  /** In the tenant that the session is for; nothing where the person does not belong to it, or there is none. */
  readonly role: string | undefined;
  readonly instanceOwner: boolean;
  readonly secondFactor: boolean;
  /** The tenant's own OpenID provider has let the person in. */
  readonly bySingleSignOn: boolean;
}

/**
 * What a session allows. A tenant's provider speaks for that tenant alone: whom it lets in never owns the instance by that.
 * @param rules of the tenant that the session is for
 */
export function sessionRights(session: ShownSession, rules: SignInRules | undefined): Rights {
  const inTenant = rules ? tenantRights(session, rules) : nothing;
  if (!session.instanceOwner || session.bySingleSignOn) return inTenant;
  return { ...inTenant, roles: [...inTenant.roles, 'owner'] };
}

const nothing: Rights = { roles: [], actions: [] };

function tenantRights({ role, secondFactor, bySingleSignOn }: ShownSession, rules: SignInRules): Rights {
  const isOpen = bySingleSignOn ? rules.singleSignOn : rules.passwords;
  if (role === undefined || !isOpen) return nothing;
  if (rules.secondFactorNeeded && !secondFactor && !bySingleSignOn)
    return { roles: [], actions: ['session.read', 'session.edit'], until: 'you have set up a second factor' };
  return rightsOf({ roles: [role] });
}
