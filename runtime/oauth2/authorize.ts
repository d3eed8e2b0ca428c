import { MillraceError, type OAuth2Login } from '@millrace/contract';
import type { Author } from '../postgres/audit/author.ts';
import { noteChange } from '../postgres/audit/note-change.ts';
import {
  type Authorization,
  beginAuthorization,
  endAuthorization,
  tenantOfState,
} from '../postgres/oauth2/authorizations.ts';
import { storeGrant } from '../postgres/oauth2/grants.ts';
import { type GrantIdentity, lifetimeOf, sealTokens, type TokenServices } from './access-token.ts';
import { proofOf, random, sha256 } from './proof.ts';
import { requestTokens } from './token-request.ts';

/** A person needs no longer to sign in at the other side and to agree. */
const withinMs = 15 * 60_000;

export interface BegunAuthorization {
  /** Where the person's browser is to go. */
  readonly url: string;
  /** What that browser must show when it comes back, so that nobody finishes what another one has begun. */
  readonly browser: string;
}

/**
 * Sends a person to the other side, by the authorization code flow with PKCE (RFC 6749, 4.1; RFC 7636; RFC 9700).
 * @param redirectUri where the other side sends the browser back to; registered there
 * @throws {MillraceError} `OAUTH2_NOT_USED` where the connection does not log in so
 */
export async function beginAuthorizing(
  { database }: Pick<TokenServices, 'database'>,
  { tenant, id }: GrantIdentity,
  login: OAuth2Login | undefined,
  redirectUri: string,
): Promise<BegunAuthorization> {
  if (login?.grant !== 'authorization-code' || login.authorizationUrl === undefined) throw notUsed();
  const [state, browser, verifier] = [random(), random(), random()];
  const proof = proofOf(state, browser);
  await database.asTenants([tenant], (tx) =>
    beginAuthorization(tx, { connection: id, verifier, redirectUri }, proof, withinMs),
  );
  return { url: addressOf(login, login.authorizationUrl, { state, verifier, redirectUri }), browser };
}

/** What the other side sends the browser back with. */
export interface Returned {
  readonly state: string;
  readonly code?: string | undefined;
  /** In place of a code: why there is none. */
  readonly error?: string | undefined;
  /** Shown by the browser. */
  readonly browser: string;
}

export interface ReturnedAuthorization extends Authorization {
  /** Tenant's id. */
  readonly tenant: string;
}

/**
 * The authorisation that somebody comes back from; it is over by that.
 * @throws {MillraceError} `OAUTH2_STATE_UNKNOWN` where nobody is on the way so, or another browser is
 */
export async function returnedAuthorization(
  { database }: Pick<TokenServices, 'database'>,
  { state, browser }: Returned,
): Promise<ReturnedAuthorization> {
  const proof = proofOf(state, browser);
  const tenant = await database.asScanner((tx) => tenantOfState(tx, proof.state));
  const begun = tenant && (await database.asTenants([tenant], (tx) => endAuthorization(tx, proof)));
  if (!tenant || !begun) throw stateUnknown();
  return { ...begun, tenant };
}

/**
 * Exchanges the code for tokens, and stores them.
 * @throws {MillraceError} `OAUTH2_DENIED`, `OAUTH2_REFUSED`, `OAUTH2_UNREACHABLE`, `OAUTH2_NOT_USED`
 */
export async function finishAuthorizing(
  services: TokenServices,
  author: Author,
  { tenant, connection, verifier, redirectUri }: ReturnedAuthorization,
  login: OAuth2Login | undefined,
  { code, error }: Returned,
): Promise<void> {
  if (!login) throw notUsed();
  if (code === undefined) throw denied(error);
  const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
  const tokens = await requestTokens(login, grant, services.network);
  const sealed = sealTokens(tokens, { tenant, id: connection }, services);
  await services.database.by(author).asTenants([tenant], async (tx) => {
    await storeGrant(tx, connection, sealed, lifetimeOf(tokens));
    const target = `connections/${connection}`;
    await noteChange(tx, { tenant, action: 'connections.authorize', target, after: { authorised: true } });
  });
}

function addressOf(
  { clientId, scope, parameters = {} }: OAuth2Login,
  authorizationUrl: string,
  { state, verifier, redirectUri }: { state: string; verifier: string; redirectUri: string },
): string {
  const url = new URL(authorizationUrl);
  const asked = {
    ...parameters,
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    ...(scope !== undefined && { scope }),
    state,
    code_challenge: sha256(verifier).toString('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return url.href;
}

function notUsed(): MillraceError {
  return new MillraceError('OAUTH2_NOT_USED', 'This connection does not log in by the authorisation of a person.');
}

function stateUnknown(): MillraceError {
  const message =
    'Nobody is on the way to authorise a connection so: it took too long, is done already, or was begun in another browser. Begin again.';
  return new MillraceError('OAUTH2_STATE_UNKNOWN', message);
}

function denied(error = 'no code'): MillraceError {
  const shown = /^[a-z_]{1,60}$/.test(error) ? error : 'an error of its own';
  return new MillraceError('OAUTH2_DENIED', `The other system did not authorise the connection (${shown}).`);
}
