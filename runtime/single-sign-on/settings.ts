import { MillraceError } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import {
  loadSingleSignOn,
  removeSingleSignOn,
  type SingleSignOn,
  type StoredSingleSignOn,
  storeSingleSignOn,
} from '../postgres/single-sign-on/settings.ts';
import { setSecondFactorNeeded, signInRules } from '../postgres/tenants/sign-in-rules.ts';
import { open, type Sealed, seal } from '../secrets/envelope.ts';

type Services = Pick<Foundation, 'database' | 'masterKeys'>;

/** A tenant's provider as it is set. */
export interface GivenSingleSignOn extends SingleSignOn {
  /** Left out it stays, unless it would be shown to another provider, or for another client. */
  readonly clientSecret?: string | undefined;
}

/** A tenant's provider as it is asked. */
export interface OpenedSingleSignOn extends SingleSignOn {
  readonly clientSecret: string;
}

/** How members of a tenant sign in. */
export interface SignInSettings {
  readonly secondFactorNeeded: boolean;
  readonly singleSignOn: SingleSignOn | null;
}

export async function showSignIn({ database }: Pick<Services, 'database'>, tenant: string): Promise<SignInSettings> {
  const rules = await database.asScanner((tx) => signInRules(tx, tenant));
  const found = await database.asTenants([tenant], (tx) => loadSingleSignOn(tx, tenant));
  return { secondFactorNeeded: rules?.secondFactorNeeded === true, singleSignOn: found ? shownOf(found) : null };
}

export async function needSecondFactor(
  { database }: Pick<Services, 'database'>,
  tenant: string,
  needed: boolean,
): Promise<void> {
  await database.asTenants([tenant], (tx) => setSecondFactorNeeded(tx, tenant, needed));
}

/**
 * Sets a tenant's provider. Passwords are given up only for one that has let an admin in: nobody locks themselves out.
 * @param hasLetAdminIn whether the provider of an issuer has
 * @throws {MillraceError} `ISSUER_INVALID`, `CLIENT_SECRET_NEEDED`, `SINGLE_SIGN_ON_UNTRIED`
 */
export async function setSingleSignOn(
  { database, masterKeys }: Services,
  tenant: string,
  { clientSecret, ...given }: GivenSingleSignOn,
  hasLetAdminIn: (issuer: string) => Promise<boolean>,
): Promise<SingleSignOn> {
  const domains = [...new Set(given.domains.map((domain) => domain.toLowerCase()))].sort();
  const wanted: SingleSignOn = { ...given, domains };
  checkIssuer(wanted.issuer);
  if (!wanted.passwords && !(await hasLetAdminIn(wanted.issuer))) throw untried();
  await database.asTenants([tenant], async (tx) => {
    const before = await loadSingleSignOn(tx, tenant);
    const sealed =
      clientSecret === undefined ? keptSecret(before, wanted) : seal(clientSecret, ownerOf(tenant), masterKeys);
    await storeSingleSignOn(tx, tenant, { ...wanted, sealed }, before && shownOf(before));
  });
  return wanted;
}

/** Whom it has let in needs a password from then on. @throws {MillraceError} `NOT_FOUND` */
export async function dropSingleSignOn({ database }: Pick<Services, 'database'>, tenant: string): Promise<void> {
  if (await database.asTenants([tenant], (tx) => removeSingleSignOn(tx, tenant))) return;
  throw new MillraceError('NOT_FOUND', 'The tenant has no single sign-on.', { category: 'not-found' });
}

/** Nothing where the tenant has none. @throws {MillraceError} `SINGLE_SIGN_ON_REFUSED` where its secret was given up */
export async function openedSingleSignOn(
  { database, masterKeys }: Services,
  tenant: string,
): Promise<OpenedSingleSignOn | undefined> {
  const found = await database.asTenants([tenant], (tx) => loadSingleSignOn(tx, tenant));
  if (!found) return undefined;
  if (!found.sealed) throw secretGivenUp();
  return { ...shownOf(found), clientSecret: open(found.sealed, ownerOf(tenant), masterKeys) as string };
}

function secretGivenUp(): MillraceError {
  const message =
    'The secret for the provider was given up with a master key that was lost; an admin has to enter it again.';
  return new MillraceError('SINGLE_SIGN_ON_REFUSED', message, { category: 'auth' });
}

function shownOf({ issuer, clientId, domains, newcomers, passwords }: SingleSignOn): SingleSignOn {
  return { issuer, clientId, domains, newcomers, passwords };
}

function ownerOf(tenant: string): string {
  return `${tenant}/single-sign-on`;
}

function keptSecret(before: StoredSingleSignOn | undefined, wanted: SingleSignOn): Sealed {
  if (before?.sealed && before.issuer === wanted.issuer && before.clientId === wanted.clientId) return before.sealed;
  throw new MillraceError(
    'CLIENT_SECRET_NEEDED',
    'Give the secret of the client: it is kept for this provider alone.',
    {
      pointer: '/clientSecret',
    },
  );
}

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** On this machine nobody listens on the way. */
export function isOnThisMachine({ hostname }: URL): boolean {
  return loopback.has(hostname);
}

function checkIssuer(text: string): void {
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isOnThisMachine(url));
  const isPlain = url?.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (isSafe && isPlain) return;
  const message = 'The issuer is an address that begins with https://, without a user, a query or a fragment.';
  throw new MillraceError('ISSUER_INVALID', message, { pointer: '/issuer' });
}

function untried(): MillraceError {
  const message =
    'Passwords cannot be given up before an admin of the tenant has signed in by this provider: keep them, sign in so once, and then give them up.';
  return new MillraceError('SINGLE_SIGN_ON_UNTRIED', message, { pointer: '/passwords' });
}
