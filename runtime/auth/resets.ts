import { MillraceError } from '@millrace/contract';
import { type MailServer, sendMail } from '../alerts/send-mail.ts';
import type { Author } from '../postgres/audit/author.ts';
import type { Database } from '../postgres/database.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { Afterwards } from './afterwards.ts';
import type { BetterAuth } from './better-auth.ts';
import type { Members } from './members.ts';
import { noted, notedInEach } from './noted.ts';
import { readLink, storeLink, useLink } from './one-time-links.ts';
import { checkPassword, setPassword } from './passwords.ts';
import { removeSecondFactor } from './second-factor.ts';
import type { Sessions } from './sessions.ts';
import { countedAttempt, limited } from './sign-in.ts';
import { isBuiltIn, tenantsOf } from './tenant-accounts.ts';

/** Links by which a new password is set. Of each only the hash is stored, and it is good for one use. */
export interface Resets {
  /**
   * A token for a member, good for a day; the second factor goes with the old password. A tenant may give it to who belongs
   * to that tenant alone: an account that opens more than the tenant is not the tenant's to open. Who has the command line
   * has the database too, and may do it for everybody.
   * @throws {MillraceError} `NOT_FOUND`, `ACCOUNT_NOT_OWN`
   */
  forMember(tenant: Tenant, id: string, author: Author): Promise<string>;
  /**
   * Mails a link, good for an hour, to who has an account of that address; answers alike where nobody has.
   * @throws {MillraceError} `MAIL_NOT_CONFIGURED`, `SIGN_IN_TOO_OFTEN`
   */
  mailTo(email: string, address: string | null): Promise<void>;
  /**
   * Sets the new password, and ends all sessions.
   * @throws {MillraceError} `RESET_INVALID`, `PASSWORD_TOO_WEAK`, `SIGN_IN_TOO_OFTEN`
   */
  set(given: { readonly token: string; readonly password: string }, address: string | null): Promise<void>;
}

/** What a link stands for. */
interface Reset {
  readonly userId: string;
  /** The tenant that has given it, to which the account must still belong alone; null where it need not. */
  readonly ownOf: string | null;
  /** The second factor goes too. */
  readonly secondFactor: boolean;
}

export interface ResetServices {
  readonly database: Database;
  readonly members: Members;
  readonly sessions: Sessions;
  readonly afterwards: Afterwards;
  readonly mailServer: MailServer | undefined;
  /** Under which browsers reach the instance, as configured: what a request says of it anybody may say. */
  readonly publicUrl: string;
}

/** What a link is handed on as. The token stands behind the #, so that it is in no log. */
export function resetLink(url: string, token: string): string {
  return `${url}/reset-password#${token}`;
}

const hourMs = 3600_000;
const dayMs = 24 * hourMs;

export function openResets(
  auth: BetterAuth,
  { database, members, sessions, afterwards, mailServer, publicUrl }: ResetServices,
): Resets {
  async function mailLink(server: MailServer, email: string): Promise<void> {
    const { internalAdapter } = await auth.$context;
    const found = await internalAdapter.findUserByEmail(email);
    if (!found || isBuiltIn(found.user.email)) return;
    const reset: Reset = { userId: found.user.id, ownOf: null, secondFactor: false };
    const link = resetLink(publicUrl, await storeLink(auth, 'reset', reset, hourMs));
    await sendMail(server, { to: [found.user.email], ...mailOf(link) });
  }

  return {
    async forMember(tenant, id, author) {
      const { email } = await members.get(tenant, id);
      const ownOf = author.by === 'command line' ? null : tenant.id;
      const reset: Reset = { userId: id, ownOf, secondFactor: true };
      if (!(await mayStillSet(auth, reset))) throw notOwn();
      const after = { email, password: 'may be set anew' };
      const change = { tenant: tenant.id, action: 'members.edit', target: `members/${id}`, after } as const;
      return noted(database, author, change, () => storeLink(auth, 'reset', reset, dayMs));
    },
    async mailTo(email, address) {
      if (!mailServer)
        throw new MillraceError('MAIL_NOT_CONFIGURED', 'This instance sends no mail; ask an admin for a link.');
      await countedAttempt(database, { email: `forgotten ${email}`, address });
      afterwards.do('mailing a link for a new password', () => mailLink(mailServer, email));
    },
    set: ({ token, password }, address) =>
      limited(database, { email: `reset ${token}`, address }, async () => {
        checkPassword(password);
        const reset = (await readLink(auth, 'reset', token)) as Reset | undefined;
        if (!reset || !(await mayStillSet(auth, reset)) || !(await useLink(auth, 'reset', token))) throw invalid();
        const { userId, secondFactor } = reset;
        const author: Author = { who: await nameOf(auth, userId), id: userId, by: 'person', address };
        const after = { password: 'set by a link', ...(secondFactor && { secondFactor: false }) };
        const change = { action: 'session.edit', target: `members/${userId}`, after } as const;
        await notedInEach(database, author, await tenantsOf(auth, userId), change, async () => {
          await setPassword(auth, userId, password);
          if (secondFactor) await removeSecondFactor(auth, userId);
        });
        await sessions.endAll(userId);
      }),
  };
}

/** Asked when a link is made and when it is used: meanwhile the account may have come to open more. */
async function mayStillSet(auth: BetterAuth, { userId, ownOf }: Reset): Promise<boolean> {
  if (ownOf === null) return true;
  const { internalAdapter } = await auth.$context;
  const user = (await internalAdapter.findUserById(userId)) as { instanceOwner?: boolean } | null;
  const tenants = await tenantsOf(auth, userId);
  return user !== null && user.instanceOwner !== true && tenants.length === 1 && tenants[0] === ownOf;
}

async function nameOf(auth: BetterAuth, userId: string): Promise<string> {
  const { internalAdapter } = await auth.$context;
  return (await internalAdapter.findUserById(userId))?.name ?? userId;
}

function mailOf(link: string): { subject: string; text: string } {
  return {
    subject: 'Millrace: a new password',
    text: [
      'Somebody, probably you, has forgotten the password of this address. Within an hour a new one can be set here:',
      link,
      'If it was not you, do nothing: the password stays as it is.',
      '',
    ].join('\n\n'),
  };
}

function notOwn(): MillraceError {
  const message =
    'This account is not the tenant’s alone, so that nobody but its person sets its password: by “I forgot my password”, or with the help of who runs the instance.';
  return new MillraceError('ACCOUNT_NOT_OWN', message);
}

/** The same for one that never was, was used, and is too old. */
function invalid(): MillraceError {
  return new MillraceError('RESET_INVALID', 'This link does not hold, or no longer; ask for another one.', {
    category: 'auth',
    pointer: '/token',
  });
}
