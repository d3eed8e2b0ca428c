import { MillraceError } from '@millrace/contract';
import type { Author } from '../postgres/audit/author.ts';
import type { Database } from '../postgres/database.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { type MemberRole, memberRoles } from './actions.ts';
import type { BetterAuth } from './better-auth.ts';
import { noted } from './noted.ts';
import { identifierOf, readLink, storeLink, useLink } from './one-time-links.ts';
import { checkPassword, verifyPassword } from './passwords.ts';
import { requireCode } from './second-factor.ts';
import { addMember, ensureOrganisation } from './tenant-accounts.ts';

/** What an invitation is for: a place in a tenant, or the instance itself, whose owner gives an address when accepting. */
type Offer =
  | { readonly kind: 'member'; readonly tenant: string; readonly email: string; readonly role: MemberRole }
  | { readonly kind: 'owner' };

export interface Acceptance {
  readonly token: string;
  /** Of the new account; who has one already proves it by its password. */
  readonly name: string;
  readonly password: string;
  /** Asked only of the instance's owner. */
  readonly email?: string | undefined;
  /** Of the second factor, where the account has one. */
  readonly code?: string | undefined;
}

/** Who has accepted. */
export interface Accepted {
  readonly userId: string;
  /** Id of the tenant. */
  readonly tenant: string | null;
}

/** Links by which people get in. Of each only the hash is stored, and it is good for one use. */
export interface Invitations {
  /** A token for whoever has that address; it holds for a week. */
  invite(tenant: Tenant, guest: { readonly email: string; readonly role: MemberRole }, author: Author): Promise<string>;
  /** A token for who is to own the instance, good for a day; nothing where somebody does. The one before is good no more. */
  inviteOwner(): Promise<string | undefined>;
  /**
   * @throws {MillraceError} `INVITATION_INVALID`, `PASSWORD_TOO_WEAK`, `EMAIL_NEEDED`, `SIGN_IN_REFUSED`, `CODE_NEEDED`,
   *   `CODE_REFUSED`, `MEMBER_EXISTS`
   */
  accept(acceptance: Acceptance, address: string | null): Promise<Accepted>;
}

/** What an invitation is handed on as. The token stands behind the #, so that it is in no log. */
export function invitationLink(url: string, token: string): string {
  return `${url}/welcome#${token}`;
}

const week = 7 * 24 * 3600_000;
const dayMs = 24 * 3600_000;
/** Under which the hash of the owner's token is found, so that a new one takes its place. */
const ownersToken = 'invitation of the owner';

export function openInvitations(auth: BetterAuth, database: Database): Invitations {
  return {
    async invite(tenant, { email, role }, author) {
      const offer = memberOffer(tenant.id, email, role);
      const after = { invited: offer.email, role };
      const change = { tenant: tenant.id, action: 'members.edit', target: 'members', after } as const;
      await ensureOrganisation(auth, tenant);
      return noted(database, author, change, () => storeLink(auth, 'invitation', offer, week));
    },
    async inviteOwner() {
      const { adapter, internalAdapter } = await auth.$context;
      const owner = await adapter.findOne({ model: 'user', where: [{ field: 'instanceOwner', value: true }] });
      if (owner) return undefined;
      const last = await internalAdapter.consumeVerificationValue(ownersToken);
      if (last) await internalAdapter.deleteVerificationByIdentifier(last.value);
      const token = await storeLink(auth, 'invitation', { kind: 'owner' }, dayMs);
      const expiresAt = new Date(Date.now() + dayMs);
      const value = identifierOf('invitation', token);
      await internalAdapter.createVerificationValue({ identifier: ownersToken, value, expiresAt });
      return token;
    },
    async accept(acceptance, address) {
      checkPassword(acceptance.password);
      const offer = (await readLink(auth, 'invitation', acceptance.token)) as Offer | undefined;
      if (!offer) throw invalid();
      const email = offer.kind === 'member' ? offer.email : acceptance.email?.toLowerCase();
      if (email === undefined)
        throw new MillraceError('EMAIL_NEEDED', 'Give your e-mail address.', { pointer: '/email' });
      const account = await accountFor(auth, { ...acceptance, email });
      const { internalAdapter } = await auth.$context;
      if (!(await useLink(auth, 'invitation', acceptance.token))) throw invalid();
      const userId = account ?? (await createAccount(auth, { ...acceptance, email }));
      if (offer.kind === 'owner') {
        await internalAdapter.updateUser(userId, { instanceOwner: true });
        return { userId, tenant: null };
      }
      const { tenant, role } = offer;
      const author: Author = { who: acceptance.name, id: userId, by: 'person', address };
      const change = { tenant, action: 'members.edit', target: `members/${userId}`, after: { email, role } } as const;
      await noted(database, author, change, () => addMember(auth, tenant, userId, role));
      return { userId, tenant };
    },
  };
}

/** Takes the invitation of an address up, without its link; its role, or nothing where there is none. */
export async function takeInvitation(auth: BetterAuth, tenant: string, email: string): Promise<MemberRole | undefined> {
  const { internalAdapter } = await auth.$context;
  for (const { identifier, value, expiresAt } of await invitationsOf(auth, tenant, email))
    if (expiresAt.getTime() > Date.now() && (await internalAdapter.consumeVerificationValue(identifier)))
      return (JSON.parse(value) as Offer & { kind: 'member' }).role;
  return undefined;
}

/** Whoever is to belong to a tenant no more must not come back by an invitation that was left over. */
export async function withdrawInvitations(auth: BetterAuth, tenant: string, email: string): Promise<void> {
  const { internalAdapter } = await auth.$context;
  for (const { identifier } of await invitationsOf(auth, tenant, email))
    await internalAdapter.deleteVerificationByIdentifier(identifier);
}

interface StoredInvitation {
  readonly identifier: string;
  readonly value: string;
  readonly expiresAt: Date;
}

/** Newest first. They are found by what they offer, which is one of a few texts. */
async function invitationsOf(auth: BetterAuth, tenant: string, email: string): Promise<StoredInvitation[]> {
  const { adapter } = await auth.$context;
  const offers = memberRoles.map((role) => JSON.stringify(memberOffer(tenant, email, role)));
  return adapter.findMany<StoredInvitation>({
    model: 'verification',
    where: [{ field: 'value', operator: 'in', value: offers }],
    sortBy: { field: 'createdAt', direction: 'desc' },
    limit: 1000,
  });
}

function memberOffer(tenant: string, email: string, role: MemberRole): Offer & { kind: 'member' } {
  return { kind: 'member', tenant, email: email.toLowerCase(), role };
}

/** The same for one that never was, was used, and is too old. */
function invalid(): MillraceError {
  return new MillraceError('INVITATION_INVALID', 'This invitation does not hold, or no longer; ask for another one.', {
    category: 'auth',
    pointer: '/token',
  });
}

/** Id of the account with that address, which has to be proven; nothing where there is none. */
async function accountFor(
  auth: BetterAuth,
  { email, password, code }: Acceptance & { readonly email: string },
): Promise<string | undefined> {
  const { internalAdapter } = await auth.$context;
  if (!(await internalAdapter.findUserByEmail(email))) return undefined;
  const userId = await verifyPassword(auth, email, password);
  await requireCode(auth, userId, code);
  return userId;
}

async function createAccount(
  auth: BetterAuth,
  { email, name, password }: { readonly email: string; readonly name: string; readonly password: string },
): Promise<string> {
  const { internalAdapter, password: passwords } = await auth.$context;
  const { id } = await internalAdapter.createUser({ email, name, emailVerified: true }, { method: 'admin' });
  const hash = await passwords.hash(password);
  await internalAdapter.linkAccount({ userId: id, providerId: 'credential', accountId: id, password: hash });
  return id;
}
