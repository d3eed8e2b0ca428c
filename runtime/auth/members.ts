import { MillraceError } from '@millrace/contract';
import type { Author } from '../postgres/audit/author.ts';
import type { Database } from '../postgres/database.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { MemberRole } from './actions.ts';
import type { BetterAuth } from './better-auth.ts';
import { withdrawInvitations } from './invitations.ts';
import { noted } from './noted.ts';
import { isMemberRole } from './rights.ts';
import { isBuiltIn, membership } from './tenant-accounts.ts';

export interface Member {
  /** Of the person. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: MemberRole;
  readonly since: Date;
}

/** People of tenants. The last admin of a tenant stays one. */
export interface Members {
  /** By address. */
  list(tenant: Tenant): Promise<Member[]>;
  /** @throws {MillraceError} `NOT_FOUND` */
  get(tenant: Tenant, id: string): Promise<Member>;
  /** @throws {MillraceError} `NOT_FOUND`, `LAST_ADMIN` */
  changeRole(tenant: Tenant, id: string, role: MemberRole, author: Author): Promise<Member>;
  /** Sessions of the person show this tenant no more, here at once; in other processes within seconds. */
  remove(tenant: Tenant, id: string, author: Author): Promise<void>;
}

/** @param forget is called when somebody may do less than before */
export function openMembers(auth: BetterAuth, database: Database, forget: () => void): Members {
  /** Changes of one tenant's members are made one after the other, so that two admins cannot remove each other. */
  async function change<T>(
    tenant: Tenant,
    { id, author, role }: { readonly id: string; readonly author: Author; readonly role?: MemberRole },
    make: (member: Member) => Promise<T>,
  ): Promise<T> {
    const { role: before, email } = find(await membersOf(auth, tenant), id);
    const values = { before: { email, role: before }, ...(role && { after: { email, role } }) };
    const noting = { tenant: tenant.id, action: 'members.edit', target: `members/${id}`, ...values } as const;
    const result = await noted(database, author, noting, async () => {
      const present = await membersOf(auth, tenant);
      const member = find(present, id);
      if (role !== 'admin') requireOtherAdmin(present, member);
      return make(member);
    });
    forget();
    return result;
  }

  return {
    list: (tenant) => membersOf(auth, tenant),
    get: async (tenant, id) => find(await membersOf(auth, tenant), id),
    changeRole: (tenant, id, role, author) =>
      change(tenant, { id, author, role }, async (member) => {
        const { adapter } = await auth.$context;
        await adapter.update({ model: 'member', where: membership(tenant.id, id), update: { role } });
        return { ...member, role };
      }),
    remove: (tenant, id, author) =>
      change(tenant, { id, author }, async ({ email }) => {
        const { adapter } = await auth.$context;
        await withdrawInvitations(auth, tenant.id, email);
        await adapter.delete({ model: 'member', where: membership(tenant.id, id) });
      }),
  };
}

async function membersOf(auth: BetterAuth, { id }: Tenant): Promise<Member[]> {
  const { adapter } = await auth.$context;
  const where = [{ field: 'organizationId', value: id }];
  const rows = await adapter.findMany<{ userId: string; role: string; createdAt: Date }>({
    model: 'member',
    where,
    limit: 10_000,
  });
  // “In” none is no question that the database understands.
  if (rows.length === 0) return [];
  const ids = rows.map(({ userId }) => userId);
  const users = await adapter.findMany<{ id: string; name: string; email: string }>({
    model: 'user',
    where: [{ field: 'id', operator: 'in', value: ids }],
    limit: 10_000,
  });
  const people = new Map(users.filter(({ email }) => !isBuiltIn(email)).map((user) => [user.id, user]));
  return rows
    .flatMap(({ userId, role, createdAt }) => {
      const user = people.get(userId);
      return user && isMemberRole(role) ? [{ ...user, role, since: createdAt }] : [];
    })
    .map(({ id, name, email, role, since }) => ({ id, name, email, role, since }))
    .sort((a, b) => (a.email < b.email ? -1 : 1));
}

function find(members: readonly Member[], id: string): Member {
  const found = members.find((member) => member.id === id);
  if (found) return found;
  throw new MillraceError('NOT_FOUND', 'This member does not exist.', { category: 'not-found' });
}

function requireOtherAdmin(members: readonly Member[], { id, role }: Member): void {
  if (role !== 'admin' || members.some((other) => other.role === 'admin' && other.id !== id)) return;
  throw new MillraceError('LAST_ADMIN', 'This is the last admin of the tenant; make somebody else an admin first.');
}
