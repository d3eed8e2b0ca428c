import { createHash } from 'node:crypto';
import { MillraceError } from '@millrace/contract';
import ipaddr from 'ipaddr.js';
import type { Database } from '../postgres/database.ts';
import { type AttemptLimit, countAttempt, forgetAttempts } from '../postgres/tenants/sign-in-attempts.ts';

/** Of an account, whoever tries; of a network, whatever accounts it tries. */
const limits = { account: { most: 10, minutes: 15 }, network: { most: 100, minutes: 15 } };

/**
 * Lets somebody try a password, unless the account or the network that it comes from has had too many attempts. One that
 * succeeds clears those of the account.
 * @throws {MillraceError} `SIGN_IN_TOO_OFTEN` with the seconds to wait, and what `attempt` throws
 */
export async function limited<T>(
  database: Database,
  { email, address }: { readonly email: string; readonly address: string | null },
  attempt: () => Promise<T>,
): Promise<T> {
  const account = subject(`account ${email.toLowerCase()}`);
  const subjects = new Map<string, AttemptLimit>([[account, limits.account]]);
  if (address !== null) subjects.set(subject(`network ${networkOf(address)}`), limits.network);
  const wait = await database.asScanner((tx) => countAttempt(tx, subjects));
  if (wait > 0)
    throw new MillraceError('SIGN_IN_TOO_OFTEN', 'Too many attempts to sign in; wait a while.', {
      category: 'rate-limit',
      retryAfter: wait,
    });
  const result = await attempt();
  await database.asScanner((tx) => forgetAttempts(tx, account));
  return result;
}

function subject(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whoever has an IPv6 address has all 2^64 of its network, and so counts as that; of IPv4 a neighbourhood of 256 does. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  const kind = parsed.kind() === 'ipv6' ? ipaddr.IPv6 : ipaddr.IPv4;
  return kind.networkAddressFromCIDR(`${parsed.toString()}/${parsed.kind() === 'ipv6' ? 64 : 24}`).toString();
}
