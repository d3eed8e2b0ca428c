import { createHash, randomBytes } from 'node:crypto';
import { MillraceError } from '@millrace/contract';
import type { Author } from '../postgres/audit/author.ts';
import type { Database } from '../postgres/database.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { MemberRole } from './actions.ts';
import type { BetterAuth } from './better-auth.ts';
import { noted } from './noted.ts';
import { checkPassword, verifyPassword } from './passwords.ts';
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
  /** @throws {MillraceError} `INVITATION_INVALID`, `PASSWORD_TOO_WEAK`, `EMAIL_NEEDED`, `SIGN_IN_REFUSED`, `MEMBER_EXISTS` */
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
      const offer: Offer = { kind: 'member', tenant: tenant.id, email: email.toLowerCase(), role };
      const after = { invited: offer.email, role };
      const change = { tenant: tenant.id, action: 'members.edit', target: 'members', after } as const;
      await ensureOrganisation(auth, tenant);
      return noted(database, author, change, () => store(auth, offer, week));
    },
    async inviteOwner() {
      const { adapter, internalAdapter } = await auth.$context;
      const owner = await adapter.findOne({ model: 'user', where: [{ field: 'instanceOwner', value: true }] });
      if (owner) return undefined;
      const last = await internalAdapter.consumeVerificationValue(ownersToken);
      if (last) await internalAdapter.deleteVerificationByIdentifier(last.value);
      const token = await store(auth, { kind: 'owner' }, dayMs);
      const expiresAt = new Date(Date.now() + dayMs);
      await internalAdapter.createVerificationValue({ identifier: ownersToken, value: identifierOf(token), expiresAt });
      return token;
    },
    async accept(acceptance, address) {
      checkPassword(acceptance.password);
      const offer = await offerOf(auth, acceptance.token);
      const email = offer.kind === 'member' ? offer.email : acceptance.email?.toLowerCase();
      if (email === undefined)
        throw new MillraceError('EMAIL_NEEDED', 'Give your e-mail address.', { pointer: '/email' });
      const account = await accountFor(auth, { ...acceptance, email });
      const { internalAdapter } = await auth.$context;
      const taken = await internalAdapter.consumeVerificationValue(identifierOf(acceptance.token));
      if (!taken) throw invalid();
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

async function store(auth: BetterAuth, offer: Offer, ms: number): Promise<string> {
  const { internalAdapter } = await auth.$context;
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(Date.now() + ms);
  await internalAdapter.createVerificationValue({
    identifier: identifierOf(token),
    value: JSON.stringify(offer),
    expiresAt,
  });
  return token;
}

function identifierOf(token: string): string {
  return `invitation ${createHash('sha256').update(token).digest('hex')}`;
}

async function offerOf(auth: BetterAuth, token: string): Promise<Offer> {
  const { internalAdapter } = await auth.$context;
  const found = await internalAdapter.findVerificationValue(identifierOf(token));
  if (!found || found.expiresAt.getTime() <= Date.now()) throw invalid();
  return JSON.parse(found.value) as Offer;
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
  { email, password }: { readonly email: string; readonly password: string },
): Promise<string | undefined> {
  const { internalAdapter } = await auth.$context;
  if (!(await internalAdapter.findUserByEmail(email))) return undefined;
  return verifyPassword(auth, email, password);
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
