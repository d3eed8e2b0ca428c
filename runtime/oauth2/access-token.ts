import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { isObject, MillraceError, type OAuth2Login } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import type { Database } from '../postgres/database.ts';
import { isLostConnection, isPassing } from '../postgres/database-error.ts';
import {
  type GrantRow,
  type Lifetime,
  loadGrant,
  releaseGrant,
  renewGrant,
  takeGrant,
} from '../postgres/oauth2/grants.ts';
import { open, type Sealed, seal } from '../secrets/envelope.ts';
import { requestTokens, type Tokens } from './token-request.ts';

export type TokenServices = Pick<Foundation, 'database' | 'masterKeys' | 'network'>;

/** Of what connection. */
export interface GrantIdentity {
  readonly tenant: string;
  readonly id: string;
}

/** Longer than a request for tokens and the storing of what comes may take: meanwhile nobody else makes one. */
const leaseMs = 60_000;
const lookAgainMs = 50;
const patienceMs = 90_000;
/** An access token is renewed so long before it expires, or half its life, where that is shorter. */
const earlySeconds = 60;
/** How long tokens that have come are tried to be stored: the other side has forgotten those before. */
const storeForMs = 30_000;

/** Within this process one asks, and the others get the same. */
const underWay = new WeakMap<Database, Map<string, Promise<Sealed>>>();

/**
 * Tokens of a connection, the access token being valid: renewed where it must be, by one process for all, so that no
 * refresh token is spent twice.
 * @throws {MillraceError} `OAUTH2_NOT_AUTHORISED`, `OAUTH2_REFUSED`, `OAUTH2_UNREACHABLE`
 */
export async function freshGrant(
  services: TokenServices,
  identity: GrantIdentity,
  login: OAuth2Login,
): Promise<Sealed> {
  const grant = await load(services, identity);
  if (grant?.isFresh && grant.sealed) return grant.sealed;
  const here = underWay.get(services.database) ?? new Map<string, Promise<Sealed>>();
  underWay.set(services.database, here);
  const present = here.get(identity.id);
  if (present) return present;
  const renewed = renew(services, identity, login).finally(() => here.delete(identity.id));
  here.set(identity.id, renewed);
  return renewed;
}

/** What is bound in where tokens are sealed; another text than that of the connection's secrets, so that they cannot be exchanged. */
export function grantOwner({ tenant, id }: GrantIdentity): string {
  return `${tenant}/${id}/grant`;
}

export function sealTokens(
  { accessToken, refreshToken }: Tokens,
  identity: GrantIdentity,
  { masterKeys }: Pick<TokenServices, 'masterKeys'>,
): Sealed {
  const tokens = { accessToken, ...(refreshToken !== undefined && { refreshToken }) };
  return seal(tokens, grantOwner(identity), masterKeys);
}

export function lifetimeOf({ expiresIn }: Tokens): Lifetime {
  if (expiresIn === undefined) return { renewIn: null, expiresIn: null };
  return { renewIn: Math.max(expiresIn / 2, expiresIn - earlySeconds), expiresIn };
}

/** Until this process, or another one, has renewed it. */
async function renew(services: TokenServices, identity: GrantIdentity, login: OAuth2Login): Promise<Sealed> {
  const until = performance.now() + patienceMs;
  while (performance.now() < until) {
    const grant = await load(services, identity);
    if (grant?.isFresh && grant.sealed) return grant.sealed;
    requireRenewable(grant, login);
    const holder = randomUUID();
    const taken = await atConnection(services, identity, (tx) => takeGrant(tx, identity.id, holder, leaseMs));
    if (taken) return renewAs(holder, services, identity, login, taken);
    await pause(lookAgainMs);
  }
  throw new MillraceError('OAUTH2_UNREACHABLE', 'No new access token has come in time.', { category: 'transient' });
}

/** @throws {MillraceError} `OAUTH2_REFUSED`, `OAUTH2_NOT_AUTHORISED` */
function requireRenewable(grant: GrantRow | undefined, login: OAuth2Login): void {
  if (grant?.ended) throw new MillraceError('OAUTH2_REFUSED', grant.ended, { category: 'auth' });
  if (login.grant === 'authorization-code' && !grant?.sealed)
    throw new MillraceError(
      'OAUTH2_NOT_AUTHORISED',
      'Nobody has authorised this connection yet; do so, and the other system will let it in.',
      { category: 'auth' },
    );
}

async function renewAs(
  holder: string,
  services: TokenServices,
  identity: GrantIdentity,
  login: OAuth2Login,
  grant: GrantRow,
): Promise<Sealed> {
  try {
    const tokens = await ask(services, identity, login, grant.sealed);
    return await store(holder, services, identity, tokens);
  } catch (error) {
    await release(holder, services, identity, login, error);
    if (grant.isValid && grant.sealed && isTransient(error)) return grant.sealed;
    throw error;
  }
}

/** Only what a person has granted ends: a client that is refused is asked about again, once it was mended on either side. */
async function release(
  holder: string,
  services: TokenServices,
  identity: GrantIdentity,
  login: OAuth2Login,
  error: unknown,
): Promise<void> {
  const hasEnded = login.grant === 'authorization-code' && isEnd(error);
  await atConnection(services, identity, (tx) =>
    releaseGrant(tx, identity.id, holder, hasEnded ? (error as MillraceError).message : undefined),
  );
}

function isEnd(error: unknown): boolean {
  const { details } = error instanceof MillraceError ? error.options : {};
  return isObject(details) && details.error === 'invalid_grant';
}

function isTransient(error: unknown): boolean {
  return error instanceof MillraceError && error.category === 'transient';
}

/** A refresh token that the other side does not replace stays. */
async function ask(
  { masterKeys, network }: TokenServices,
  identity: GrantIdentity,
  login: OAuth2Login,
  sealed: GrantRow['sealed'],
): Promise<Tokens> {
  if (login.grant === 'client-credentials')
    return requestTokens(login, { grant_type: 'client_credentials', ...scopeOf(login) }, network);
  const { refreshToken } = (sealed ? open(sealed, grantOwner(identity), masterKeys) : {}) as Partial<Tokens>;
  if (refreshToken === undefined) throw withoutRefresh();
  const tokens = await requestTokens(login, { grant_type: 'refresh_token', refresh_token: refreshToken }, network);
  return { refreshToken, ...tokens };
}

function scopeOf({ scope }: OAuth2Login): { scope?: string } {
  return scope === undefined ? {} : { scope };
}

function withoutRefresh(): MillraceError {
  const message =
    'The access has run out, and the other system has given nothing to renew it by; authorise the connection again, with a scope that allows offline access.';
  return new MillraceError('OAUTH2_REFUSED', message, { category: 'auth', details: { error: 'invalid_grant' } });
}

/** Tried again while the database is away: were they lost, somebody would have to authorise the connection again. */
async function store(
  holder: string,
  services: TokenServices,
  identity: GrantIdentity,
  tokens: Tokens,
): Promise<Sealed> {
  const sealed = sealTokens(tokens, identity, services);
  const until = performance.now() + storeForMs;
  for (;;)
    try {
      await atConnection(services, identity, (tx) => renewGrant(tx, identity.id, holder, sealed, lifetimeOf(tokens)));
      return sealed;
    } catch (error) {
      if (performance.now() > until || !(isLostConnection(error) || isPassing(error))) throw error;
      await pause(lookAgainMs * 10);
    }
}

function load(services: TokenServices, identity: GrantIdentity): Promise<GrantRow | undefined> {
  return atConnection(services, identity, (tx) => loadGrant(tx, identity.id));
}

function atConnection<T>(
  { database }: TokenServices,
  { tenant }: GrantIdentity,
  work: Parameters<typeof database.asTenants<T>>[1],
): Promise<T> {
  return database.asTenants([tenant], work);
}
