import { MillraceError } from '@millrace/contract';
import type { BetterAuth } from './better-auth.ts';

/** Characters. Long ones are hashed at length by everybody who likes to, so that there is an end. */
const bounds = { least: 12, most: 128 };

/** @throws {MillraceError} `PASSWORD_TOO_WEAK` */
export function checkPassword(password: string, pointer = '/password'): void {
  if (password.length >= bounds.least && password.length <= bounds.most) return;
  throw new MillraceError('PASSWORD_TOO_WEAK', `A password has from ${bounds.least} to ${bounds.most} characters.`, {
    pointer,
  });
}

/**
 * Id of the user. It takes as long where there is none of that address.
 * @throws {MillraceError} `SIGN_IN_REFUSED`
 */
export async function verifyPassword(auth: BetterAuth, email: string, password: string): Promise<string> {
  const { internalAdapter, password: passwords } = await auth.$context;
  const found = await internalAdapter.findUserByEmail(email.toLowerCase(), { includeAccounts: true });
  const hash = found?.accounts.find(({ providerId }) => providerId === 'credential')?.password;
  const isRight = hash ? await passwords.verify({ hash, password }) : !(await passwords.hash(password));
  if (found && isRight) return found.user.id;
  throw new MillraceError('SIGN_IN_REFUSED', 'E-mail address and password do not fit.', { category: 'auth' });
}

/**
 * For who is signed in already.
 * @throws {MillraceError} `SIGN_IN_REFUSED`
 */
export async function verifyOwnPassword(auth: BetterAuth, userId: string, password: string): Promise<void> {
  await verifyPassword(auth, await emailOf(auth, userId), password);
}

/** Puts a password in place of the one that there was, if any. */
export async function setPassword(auth: BetterAuth, userId: string, password: string): Promise<void> {
  const { internalAdapter, password: passwords } = await auth.$context;
  const hash = await passwords.hash(password);
  if (await internalAdapter.findCredentialAccount(userId)) await internalAdapter.updatePassword(userId, hash);
  else await internalAdapter.linkAccount({ userId, providerId: 'credential', accountId: userId, password: hash });
}

/** @throws {Error} where there is no such account any more */
export async function emailOf(auth: BetterAuth, userId: string): Promise<string> {
  const { internalAdapter } = await auth.$context;
  const user = await internalAdapter.findUserById(userId);
  if (!user) throw new Error('the account is gone');
  return user.email;
}
