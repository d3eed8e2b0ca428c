import { MillraceError } from '@millrace/contract';
import { APIError } from 'better-auth/api';
import type { BetterAuth } from './better-auth.ts';

/** Shown once, to who sets a second factor up. */
export interface SecondFactorSetup {
  /** In base32, to be typed into an app. */
  readonly secret: string;
  /** `otpauth:` address with all that an app needs, best shown as a QR code. */
  readonly url: string;
  /** Each is good for one use, in place of a code. */
  readonly backupCodes: readonly string[];
}

/** Seconds for which a code could be shown again: its own thirty, and those before and after. */
const codeSeconds = 90;

/**
 * Begins to set a second factor up (RFC 6238); it is asked for from the first code on.
 * @throws {MillraceError} `SECOND_FACTOR_ON`
 */
export async function beginSecondFactor(
  auth: BetterAuth,
  userId: string,
  password: string,
): Promise<SecondFactorSetup> {
  const begun = await asSignedIn(auth, userId, (headers) =>
    auth.api.enableTwoFactor({ headers, body: { password, method: 'totp' } }),
  ).catch(refuseWith(() => new MillraceError('SECOND_FACTOR_ON', 'You have a second factor; take it off first.')));
  if (begun.method !== 'totp') throw new Error('a second factor of another kind was set up');
  const { totpURI: url, backupCodes } = begun;
  return { secret: new URL(url).searchParams.get('secret') ?? '', url, backupCodes };
}

/** The first code of a second factor, which is on from then on. @throws {MillraceError} `CODE_REFUSED` */
export function confirmSecondFactor(auth: BetterAuth, userId: string, code: string): Promise<void> {
  return showCode(auth, userId, code);
}

/** Has somebody a second factor? */
export async function hasSecondFactor(auth: BetterAuth, userId: string): Promise<boolean> {
  const { internalAdapter } = await auth.$context;
  const user = (await internalAdapter.findUserById(userId)) as { twoFactorEnabled?: boolean | null } | null;
  return user?.twoFactorEnabled === true;
}

/**
 * Asks for the code of who has a second factor, or one of the backup codes. Each is good once.
 * @throws {MillraceError} `CODE_NEEDED`, `CODE_REFUSED`
 */
export async function requireCode(auth: BetterAuth, userId: string, code: string | undefined): Promise<void> {
  if (!(await hasSecondFactor(auth, userId))) return;
  if (code === undefined)
    throw new MillraceError('CODE_NEEDED', 'Give the code that your app shows, or one of your backup codes, too.', {
      category: 'auth',
      pointer: '/code',
    });
  await showCode(auth, userId, code);
}

/** Whoever signs in needs no code any more; the secret and the backup codes are forgotten. */
export async function removeSecondFactor(auth: BetterAuth, userId: string): Promise<void> {
  const { adapter, internalAdapter } = await auth.$context;
  await internalAdapter.updateUser(userId, { twoFactorEnabled: false });
  await adapter.delete({ model: 'twoFactor', where: [{ field: 'userId', value: userId }] });
}

async function showCode(auth: BetterAuth, userId: string, code: string): Promise<void> {
  const isFromApp = /^\d{6}$/.test(code);
  await asSignedIn<unknown>(auth, userId, (headers) =>
    isFromApp
      ? auth.api.verifyTOTP({ headers, body: { code } })
      : auth.api.verifyBackupCode({ headers, body: { code, disableSession: true } }),
  ).catch(refuseWith(codeRefused));
  if (isFromApp && !(await isFirstUse(auth, userId, code))) throw codeRefused();
}

/** Whoever has looked over a shoulder must not use the same code again (RFC 6238, 5.2). */
async function isFirstUse(auth: BetterAuth, userId: string, code: string): Promise<boolean> {
  const { internalAdapter } = await auth.$context;
  const expiresAt = new Date(Date.now() + codeSeconds * 1000);
  return internalAdapter.reserveVerificationValue({ identifier: `code ${userId} ${code}`, value: 'used', expiresAt });
}

/** The plugin hears only who has a session: so there is one for as long as that takes, and nobody is given it. */
async function asSignedIn<T>(auth: BetterAuth, userId: string, ask: (headers: Headers) => Promise<T>): Promise<T> {
  const { internalAdapter } = await auth.$context;
  const body = { userId, organizationId: null };
  const { headers, response } = await auth.api.startSession({ body, returnHeaders: true });
  const [cookie = ''] = (headers.get('set-cookie') ?? '').split(';');
  try {
    return await ask(new Headers({ cookie }));
  } finally {
    await internalAdapter.deleteSession(response.token);
  }
}

/** What the plugin refuses; whatever else is in its way stays what it is. */
function refuseWith(refusal: () => MillraceError): (thrown: unknown) => never {
  return (thrown) => {
    throw thrown instanceof APIError && thrown.statusCode < 500 ? refusal() : thrown;
  };
}

function codeRefused(): MillraceError {
  return new MillraceError('CODE_REFUSED', 'This code does not fit, or was used already.', {
    category: 'auth',
    pointer: '/code',
  });
}
