import { MillraceError } from '@millrace/contract';
import type { BetterAuth } from './better-auth.ts';

/** Characters. Long ones are hashed at length by everybody who likes to, so that there is an end. */
const bounds = { least: 12, most: 128 };

/** @throws {MillraceError} `PASSWORD_TOO_WEAK` */
export function checkPassword(password: string): void {
  if (password.length >= bounds.least && password.length <= bounds.most) return;
  throw new MillraceError('PASSWORD_TOO_WEAK', `A password has from ${bounds.least} to ${bounds.most} characters.`, {
    pointer: '/password',
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
