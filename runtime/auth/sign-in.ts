import { createHash } from 'node:crypto';
import { MillraceError } from '@millrace/contract';
import ipaddr from 'ipaddr.js';
import type { Database } from '../postgres/database.ts';
import { type AttemptLimit, countAttempt, forgetAttempts } from '../postgres/tenants/sign-in-attempts.ts';

/** Of an account, whoever tries; of a network, whatever accounts it tries; of a network, how often it asks for another's page. */
const limits = {
  account: { most: 10, minutes: 15 },
  network: { most: 100, minutes: 15 },
  visits: { most: 1000, minutes: 15 },
};

/** Who tries to get in. */
export interface Attempt {
  /** An address of e-mail, or what else somebody wants to get in by. */
  readonly email: string;
  /** Network address that they come from. */
  readonly address: string | null;
}

/**
 * Lets somebody try a password, unless the account or the network that it comes from has had too many attempts. One that
 * succeeds clears those of the account.
 * @throws {MillraceError} `SIGN_IN_TOO_OFTEN` with the seconds to wait, and what `attempt` throws
 */
export async function limited<T>(database: Database, who: Attempt, attempt: () => Promise<T>): Promise<T> {
  await countedAttempt(database, who);
  const result = await attempt();
  await database.asScanner((tx) => forgetAttempts(tx, accountOf(who)));
  return result;
}

/** Counts what is an attempt whatever comes of it. @throws {MillraceError} `SIGN_IN_TOO_OFTEN` with the seconds to wait */
export async function countedAttempt(database: Database, who: Attempt): Promise<void> {
  const subjects = new Map<string, AttemptLimit>([[accountOf(who), limits.account]]);
  if (who.address !== null) subjects.set(subject(`network ${networkOf(who.address)}`), limits.network);
  await counted(database, subjects);
}

/** Counts that somebody is sent to another system: each costs a request there. @throws {MillraceError} `SIGN_IN_TOO_OFTEN` */
export async function countedVisit(database: Database, address: string | null): Promise<void> {
  if (address !== null) await counted(database, new Map([[subject(`visits ${networkOf(address)}`), limits.visits]]));
}

async function counted(database: Database, subjects: ReadonlyMap<string, AttemptLimit>): Promise<void> {
  const wait = await database.asScanner((tx) => countAttempt(tx, subjects));
  if (wait === 0) return;
  throw new MillraceError('SIGN_IN_TOO_OFTEN', 'Too many attempts to sign in; wait a while.', {
    category: 'rate-limit',
    retryAfter: wait,
  });
}

function accountOf({ email }: Attempt): string {
  return subject(`account ${email.toLowerCase()}`);
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
