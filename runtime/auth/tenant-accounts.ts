import { MillraceError } from '@millrace/contract';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { MemberRole } from './actions.ts';
import type { BetterAuth } from './better-auth.ts';

/** An account that no person signs in to. */
export interface BuiltInAccount {
  /** First part of its address; unique in the tenant. */
  readonly login: string;
  /** Shown to people. */
  readonly name: string;
  /** In the organisation. */
  readonly role: 'owner' | MemberRole;
}

/** Owns the tenant's API keys, which better-auth grants to an organisation's owner. */
export const operator: BuiltInAccount = { login: 'operator', name: 'Operator', role: 'owner' };
/** Looks at the demo without signing in. */
export const demoUser: BuiltInAccount = { login: 'demo', name: 'Demo', role: 'admin' };

/**
 * Id of the tenant's account, made where it is missing, with the organisation that it belongs to. It has no password,
 * so that nobody can sign in to it; `.invalid` never becomes an address (RFC 2606).
 */
export async function ensureAccount(
  auth: BetterAuth,
  tenant: Tenant,
  { login, name, role }: BuiltInAccount,
): Promise<string> {
  const { adapter, internalAdapter } = await auth.$context;
  await ensureOrganisation(auth, tenant);
  const email = `${login}@${tenant.slug}.invalid`;
  const known = await internalAdapter.findUserByEmail(email);
  const userId = known?.user.id ?? (await internalAdapter.createUser({ email, name }, { method: 'admin' })).id;
  const present = await memberRole(auth, tenant.id, userId);
  const where = membership(tenant.id, userId);
  if (present === undefined) await addMember(auth, tenant.id, userId, role);
  else if (present !== role) await adapter.update({ model: 'member', where, update: { role } });
  return userId;
}

/** @throws {MillraceError} `MEMBER_EXISTS` */
export async function addMember(
  auth: BetterAuth,
  tenant: string,
  userId: string,
  role: BuiltInAccount['role'],
): Promise<void> {
  if ((await memberRole(auth, tenant, userId)) !== undefined)
    throw new MillraceError('MEMBER_EXISTS', 'This account belongs to the tenant already.');
  const { adapter } = await auth.$context;
  await adapter.create({ model: 'member', data: { organizationId: tenant, userId, role, createdAt: new Date() } });
}

/** An account that stands for no person. */
export function isBuiltIn(email: string): boolean {
  return email.endsWith('.invalid');
}

/** Role of a member. Asked at every look-up: a session of somebody who has left opens nothing. */
export async function memberRole(auth: BetterAuth, tenant: string, userId: string): Promise<string | undefined> {
  const { adapter } = await auth.$context;
  const found = await adapter.findOne<{ role: string }>({ model: 'member', where: membership(tenant, userId) });
  return found?.role;
}

/** Ids of the tenants that an account belongs to. */
export async function tenantsOf(auth: BetterAuth, userId: string): Promise<string[]> {
  const { adapter } = await auth.$context;
  const where = [{ field: 'userId', value: userId }];
  const found = await adapter.findMany<{ organizationId: string }>({ model: 'member', where, limit: 1000 });
  return found.map(({ organizationId }) => organizationId);
}

export function membership(tenant: string, userId: string) {
  return [
    { field: 'organizationId', value: tenant },
    { field: 'userId', value: userId },
  ];
}

/** The organisation of a tenant, made where it is missing. */
export async function ensureOrganisation(auth: BetterAuth, { id, slug, name }: Tenant): Promise<void> {
  const { adapter } = await auth.$context;
  const known = await adapter.findOne({ model: 'organization', where: [{ field: 'id', value: id }] });
  if (known) return;
  await adapter.create({ model: 'organization', data: { id, slug, name, createdAt: new Date() }, forceAllowId: true });
}
