import { MillraceError } from '@millrace/contract';
import type { MemberRole } from '../auth/actions.ts';
import type { BetterAuth } from '../auth/better-auth.ts';
import { takeInvitation } from '../auth/invitations.ts';
import { noted } from '../auth/noted.ts';
import { addMember, ensureOrganisation, memberRole } from '../auth/tenant-accounts.ts';
import type { Author } from '../postgres/audit/author.ts';
import type { Database } from '../postgres/database.ts';
import type { SingleSignOn } from '../postgres/single-sign-on/settings.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { Vouched } from './provider.ts';

export interface Visitor {
  readonly tenant: Tenant;
  readonly settings: SingleSignOn;
  readonly vouched: Vouched;
  /** Network address. */
  readonly address: string | null;
}

type Services = { readonly auth: BetterAuth; readonly database: Database };

/**
 * Id of the account of who comes from a tenant's provider. It is found by issuer and subject. By the e-mail address alone it
 * is found once, where the account belongs to the tenant already; an account that does not has been proven to nobody here.
 * @throws {MillraceError} `DOMAIN_NOT_ALLOWED`, `NOT_A_MEMBER`
 */
export async function admit({ auth, database }: Services, visitor: Visitor): Promise<string> {
  const { tenant, settings, vouched } = visitor;
  requireDomain(settings, vouched);
  const { internalAdapter } = await auth.$context;
  const key = { providerId: providerOf(tenant.id, settings.issuer), accountId: vouched.subject };
  const link = (userId: string) => internalAdapter.linkAccount({ userId, ...key });
  const linked = await internalAdapter.findAccountByKey(key);
  const known = linked?.userId ?? (await internalAdapter.findUserByEmail(vouched.email))?.user.id;
  if (known !== undefined && (await memberRole(auth, tenant.id, known)) !== undefined) {
    if (!linked) await link(known);
    return known;
  }
  // Who was removed comes back only when somebody invites them; who has an account elsewhere, by proving that it is theirs.
  if (known !== undefined && !linked) throw notAMember();
  const role = (await takeInvitation(auth, tenant.id, vouched.email)) ?? (linked ? null : settings.newcomers);
  if (role === null) throw notAMember();
  const userId = known ?? (await createAccount(auth, vouched));
  await join({ auth, database }, visitor, userId, role);
  if (!linked) await link(userId);
  return userId;
}

/** Has an admin of the tenant ever come from its provider? */
export async function hasLetAdminIn(auth: BetterAuth, tenant: string, issuer: string): Promise<boolean> {
  const { adapter } = await auth.$context;
  const where = [{ field: 'providerId', value: providerOf(tenant, issuer) }];
  const linked = await adapter.findMany<{ userId: string }>({ model: 'account', where, limit: 10_000 });
  const roles = await Promise.all(linked.map(({ userId }) => memberRole(auth, tenant, userId)));
  return roles.includes('admin');
}

/** Each tenant's own: what one tenant's provider says is nothing to the others, although it be the same one. */
function providerOf(tenant: string, issuer: string): string {
  return `single sign-on ${tenant} ${issuer}`;
}

async function createAccount(auth: BetterAuth, { email, name }: Vouched): Promise<string> {
  const { internalAdapter } = await auth.$context;
  return (await internalAdapter.createUser({ email, name, emailVerified: true }, { method: 'admin' })).id;
}

async function join(
  { auth, database }: Services,
  { tenant, vouched: { email, name }, address }: Visitor,
  userId: string,
  role: MemberRole,
): Promise<void> {
  const author: Author = { who: name, id: userId, by: 'person', address };
  const after = { email, role, by: 'single sign-on' };
  const change = { tenant: tenant.id, action: 'members.edit', target: `members/${userId}`, after } as const;
  await ensureOrganisation(auth, tenant);
  await noted(database, author, change, () => addMember(auth, tenant.id, userId, role));
}

/** @throws {MillraceError} `DOMAIN_NOT_ALLOWED` */
function requireDomain({ domains }: SingleSignOn, { email }: Vouched): void {
  const domain = email.slice(email.lastIndexOf('@') + 1);
  if (domains.includes(domain)) return;
  throw new MillraceError('DOMAIN_NOT_ALLOWED', `The tenant lets in nobody with an address at ${domain}.`, {
    category: 'auth',
  });
}

function notAMember(): MillraceError {
  const message = 'You are no member of this tenant; ask an admin of it for an invitation, and open its link.';
  return new MillraceError('NOT_A_MEMBER', message, { category: 'auth' });
}
