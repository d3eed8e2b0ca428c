import { MillraceError } from '@millrace/contract';
import type { Author } from '../postgres/audit/author.ts';
import type { Database } from '../postgres/database.ts';
import type { BetterAuth } from './better-auth.ts';
import { notedInEach } from './noted.ts';
import { checkPassword, emailOf, setPassword, verifyOwnPassword } from './passwords.ts';
import {
  beginSecondFactor,
  confirmSecondFactor,
  hasSecondFactor,
  removeSecondFactor,
  requireCode,
  type SecondFactorSetup,
} from './second-factor.ts';
import type { Sessions } from './sessions.ts';
import { limited } from './sign-in.ts';
import { tenantsOf } from './tenant-accounts.ts';

/** Somebody who is signed in. */
export interface Person {
  /** As the audit names the person. */
  readonly author: Author & { readonly id: string };
  /** Of the request, whose session goes on. */
  readonly cookie: string | undefined;
}

/**
 * The account of who is signed in. Each change asks for the password once more, and ends the person's other sessions.
 * All throw `SIGN_IN_REFUSED`, `SIGN_IN_TOO_OFTEN`.
 */
export interface OwnAccount {
  /** @throws {MillraceError} `PASSWORD_TOO_WEAK` */
  changePassword(person: Person, given: { readonly password: string; readonly newPassword: string }): Promise<void>;
  /** @throws {MillraceError} `SECOND_FACTOR_ON` */
  beginSecondFactor(person: Person, given: { readonly password: string }): Promise<SecondFactorSetup>;
  /** @throws {MillraceError} `CODE_REFUSED` */
  confirmSecondFactor(person: Person, given: { readonly code: string }): Promise<void>;
  /** @throws {MillraceError} `SECOND_FACTOR_OFF`, `CODE_REFUSED` */
  removeSecondFactor(person: Person, given: { readonly password: string; readonly code: string }): Promise<void>;
}

export function openOwnAccount(auth: BetterAuth, database: Database, sessions: Sessions): OwnAccount {
  /** Lets somebody try, as often as a sign-in may be tried. */
  async function attempt<T>({ author: { id, address } }: Person, work: () => Promise<T>): Promise<T> {
    return limited(database, { email: await emailOf(auth, id), address }, work);
  }

  async function change({ author, cookie }: Person, after: object, make: () => Promise<void>): Promise<void> {
    const noting = { action: 'session.edit', target: `members/${author.id}`, after: { ...after } } as const;
    await notedInEach(database, author, await tenantsOf(auth, author.id), noting, make);
    await sessions.endOthers(author.id, cookie);
  }

  return {
    changePassword: (person, { password, newPassword }) =>
      attempt(person, async () => {
        const { id } = person.author;
        await verifyOwnPassword(auth, id, password);
        checkPassword(newPassword, '/newPassword');
        await change(person, { password: 'changed' }, () => setPassword(auth, id, newPassword));
      }),
    beginSecondFactor: (person, { password }) =>
      attempt(person, async () => {
        await verifyOwnPassword(auth, person.author.id, password);
        return beginSecondFactor(auth, person.author.id, password);
      }),
    confirmSecondFactor: (person, { code }) =>
      attempt(person, () =>
        change(person, { secondFactor: true }, () => confirmSecondFactor(auth, person.author.id, code)),
      ),
    removeSecondFactor: (person, { password, code }) =>
      attempt(person, async () => {
        const { id } = person.author;
        await verifyOwnPassword(auth, id, password);
        if (!(await hasSecondFactor(auth, id)))
          throw new MillraceError('SECOND_FACTOR_OFF', 'You have no second factor that could be taken off.');
        await requireCode(auth, id, code);
        await change(person, { secondFactor: false }, () => removeSecondFactor(auth, id));
      }),
  };
}
