import { MillraceError, type Network } from '@millrace/contract';
import * as oidc from 'openid-client';
import type { Visit } from '../postgres/single-sign-on/visits.ts';
import { isOnThisMachine, type OpenedSingleSignOn } from './settings.ts';

/** What a provider says of who has signed in there. */
export interface Vouched {
  /** The provider's own id of the person, which never becomes somebody else's. */
  readonly subject: string;
  /** In lower case. */
  readonly email: string;
  readonly name: string;
}

/** What a tenant's provider is asked with. */
type Client = Pick<OpenedSingleSignOn, 'issuer' | 'clientId' | 'clientSecret'>;

const patienceSeconds = 20;
const longestAnswer = 1_000_000;
const emailPattern = /^[^\s@<>,;:"]{1,64}@[^\s@<>,;:"]{1,255}$/;

/**
 * Address at the provider to which a browser is sent, by the authorization code flow with PKCE (OpenID Connect Core, 3.1).
 * @throws {MillraceError} those of `asOurs`, `SINGLE_SIGN_ON_REFUSED` where another issuer answers
 */
export async function addressAt(
  client: Client,
  { verifier, nonce, redirectUri }: Visit,
  state: string,
  network: Network,
): Promise<string> {
  const provider = await discover(client, network);
  const url = oidc.buildAuthorizationUrl(provider, {
    redirect_uri: redirectUri,
    scope: 'openid email profile',
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  return url.href;
}

/**
 * Exchanges what a browser has come back with for what the provider says of the person. The token's signature, issuer,
 * audience, time and nonce are checked.
 * @param search the query of the address that the browser came back to
 * @throws {MillraceError} those of `asOurs`, `SINGLE_SIGN_ON_REFUSED`, `EMAIL_NOT_VERIFIED`
 */
export async function vouchedFor(
  client: Client,
  { verifier, nonce, redirectUri }: Visit,
  { state, search }: { readonly state: string; readonly search: string },
  network: Network,
): Promise<Vouched> {
  const provider = await discover(client, network);
  const cameTo = new URL(redirectUri);
  cameTo.search = search;
  const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
  const tokens = await oidc.authorizationCodeGrant(provider, cameTo, checks).catch(asOurs);
  const claims = tokens.claims();
  if (!claims) throw refused('no id token');
  const told = claims.email === undefined ? await askFurther(provider, tokens.access_token, claims.sub) : claims;
  return personIn({ ...told, sub: claims.sub });
}

/** Many providers tell of the person only when they are asked for that. */
function askFurther(provider: oidc.Configuration, token: string, subject: string): Promise<oidc.UserInfoResponse> {
  return oidc.fetchUserInfo(provider, token, subject).catch(asOurs);
}

/** @throws {MillraceError} `EMAIL_NOT_VERIFIED` */
function personIn(claims: { readonly sub: string; readonly [claim: string]: unknown }): Vouched {
  const { sub, email, email_verified: isVerified, name } = claims;
  if (typeof email !== 'string' || !emailPattern.test(email) || isVerified !== true)
    throw new MillraceError(
      'EMAIL_NOT_VERIFIED',
      'The tenant’s sign-in service does not say that your e-mail address is verified, or tells none.',
      { category: 'auth' },
    );
  return { subject: sub, email: email.toLowerCase(), name: typeof name === 'string' && name !== '' ? name : email };
}

async function discover({ issuer, clientId, clientSecret }: Client, network: Network): Promise<oidc.Configuration> {
  const server = new URL(issuer);
  const provider = await oidc
    .discovery(server, clientId, undefined, asItLikes(clientSecret), {
      [oidc.customFetch]: boundedFetch(network),
      timeout: patienceSeconds,
      execute: [oidc.enableNonRepudiationChecks, ...(isOnThisMachine(server) ? [oidc.allowInsecureRequests] : [])],
    })
    .catch(asOurs);
  // One service for many organisations may answer with an issuer for each: which of them is let in, the setting says.
  if (new URL(provider.serverMetadata().issuer).href !== server.href) throw refused('another issuer');
  return provider;
}

/** How the client proves itself: by the header, unless the provider takes it only in the body. */
function asItLikes(secret: string): oidc.ClientAuth {
  const [byHeader, byBody] = [oidc.ClientSecretBasic(secret), oidc.ClientSecretPost(secret)];
  return (server, ...request) => {
    const taken = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (taken.includes('client_secret_basic') ? byHeader : byBody)(server, ...request);
  };
}

/** The guarded network; of an answer without end only so much is read. */
function boundedFetch({ fetch }: Network): oidc.CustomFetch {
  return async (url, options) => {
    const response = await fetch(url, options as RequestInit);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > longestAnswer) throw refused('an answer that is too long');
      chunks.push(chunk);
    }
    const { status, headers } = response;
    return new Response(size === 0 ? null : Buffer.concat(chunks), { status, headers: [...headers] });
  };
}

/**
 * What the library throws as it is said to people: who answers and what they wrote is for nobody to repeat.
 * @throws {MillraceError} `SINGLE_SIGN_ON_REFUSED` where the provider has answered otherwise than it must,
 *   `SINGLE_SIGN_ON_UNREACHABLE` where it does not answer
 */
function asOurs(thrown: unknown): never {
  const own = ownIn(thrown);
  if (own) throw own;
  if (thrown instanceof oidc.WWWAuthenticateChallengeError) throw refused('the client is not accepted');
  const { error, code } = thrown as { error?: unknown; code?: unknown };
  const reason = [error, code].find((text) => typeof text === 'string' && /^[A-Za-z_]{1,60}$/.test(text));
  if (reason === undefined || unanswered.has(String(reason))) throw unreachable(thrown);
  throw refused(String(reason));
}

const unanswered = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
]);

function ownIn(thrown: unknown): MillraceError | undefined {
  if (thrown instanceof MillraceError) return thrown;
  const { cause } = thrown as { cause?: unknown };
  return cause === undefined || cause === null ? undefined : ownIn(cause);
}

function refused(reason: string): MillraceError {
  return new MillraceError(
    'SINGLE_SIGN_ON_REFUSED',
    `Single sign-on was not completed (${reason}). Begin again; if it stays so, an admin of the tenant has to look at it.`,
    { category: 'auth', details: { reason } },
  );
}

function unreachable(cause: unknown): MillraceError {
  return new MillraceError(
    'SINGLE_SIGN_ON_UNREACHABLE',
    'The tenant’s sign-in service does not answer as one; try again, or tell an admin of the tenant.',
    { category: 'transient', cause },
  );
}
