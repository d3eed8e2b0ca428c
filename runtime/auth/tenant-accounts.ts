import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { BetterAuth } from './better-auth.ts';

/** An account that no person signs in to. */
export interface BuiltInAccount {
  /** First part of its address; unique in the tenant. */
  readonly login: string;
  /** Shown to people. */
  readonly name: string;
}

/** Owns the tenant's API keys. */
export const operator: BuiltInAccount = { login: 'operator', name: 'Operator' };
/** Looks at the demo without signing in. */
export const demoUser: BuiltInAccount = { login: 'demo', name: 'Demo' };

/**
 * Id of the tenant's account, made where it is missing, with the organisation that it belongs to. It has no password,
 * so that nobody can sign in to it; `.invalid` never becomes an address (RFC 2606).
 */
export async function ensureAccount(
  auth: BetterAuth,
  tenant: Tenant,
  { login, name }: BuiltInAccount,
): Promise<string> {
  const { adapter, internalAdapter } = await auth.$context;
  await ensureOrganisation(auth, tenant);
  const email = `${login}@${tenant.slug}.invalid`;
  const known = await internalAdapter.findUserByEmail(email);
  const userId = known?.user.id ?? (await internalAdapter.createUser({ email, name }, { method: 'admin' })).id;
  if (!(await isMember(auth, tenant.id, userId))) {
    const data = { organizationId: tenant.id, userId, role: 'owner', createdAt: new Date() };
    await adapter.create({ model: 'member', data });
  }
  return userId;
}

/** Asked at every look-up: a session of somebody who has left opens nothing. */
export async function isMember(auth: BetterAuth, tenant: string, userId: string): Promise<boolean> {
  const { adapter } = await auth.$context;
  const where = [
    { field: 'organizationId', value: tenant },
    { field: 'userId', value: userId },
  ];
  return (await adapter.findOne({ model: 'member', where })) !== null;
}

async function ensureOrganisation(auth: BetterAuth, { id, slug, name }: Tenant): Promise<void> {
  const { adapter } = await auth.$context;
  const known = await adapter.findOne({ model: 'organization', where: [{ field: 'id', value: id }] });
  if (known) return;
  await adapter.create({ model: 'organization', data: { id, slug, name, createdAt: new Date() }, forceAllowId: true });
}
