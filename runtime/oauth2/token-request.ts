import { isObject, type JsonObject, MillraceError, type Network, type OAuth2Login, readJson } from '@millrace/contract';

/** What the other side has granted. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Seconds; left out where the other side does not say. */
  readonly expiresIn?: number;
}

const patienceMs = 20_000;
const longestAnswer = 1_000_000;

/** By these the other side says that what was shown is worth nothing any more (RFC 6749, 5.2): asking again changes nothing. */
const final = new Set([
  'invalid_grant',
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
]);

/**
 * Asks the other side for tokens (RFC 6749, 3.2). What it answers beyond the tokens is not repeated to anybody: systems put
 * into errors what they were sent.
 * @param grant what the tokens are asked for with: `grant_type` and what belongs to it
 * @throws {MillraceError} `OAUTH2_REFUSED` (category `auth`), `OAUTH2_UNREACHABLE` (category `transient`)
 */
export async function requestTokens(
  login: OAuth2Login,
  grant: Readonly<Record<string, string>>,
  { fetch }: Pick<Network, 'fetch'>,
): Promise<Tokens> {
  const { headers, body } = authenticated(login, { ...login.parameters, ...grant });
  const response = await fetch(login.tokenUrl, {
    method: 'POST',
    headers: { ...headers, accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: `${body}`,
    redirect: 'manual',
    signal: AbortSignal.timeout(patienceMs),
  }).catch((thrown: unknown) => {
    throw thrown instanceof MillraceError ? thrown : unreachable(login, 'does not answer');
  });
  const answer = await answerOf(response);
  if (response.ok && typeof answer.access_token === 'string') return tokensOf(answer);
  throw refusal(login, response.status, answer);
}

function authenticated({ clientId, clientSecret, clientAuthentication }: OAuth2Login, parameters: object) {
  const body = new URLSearchParams(Object.entries(parameters));
  if (clientSecret !== undefined && clientAuthentication === 'basic')
    return {
      headers: { authorization: `Basic ${btoa(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`)}` },
      body,
    };
  body.set('client_id', clientId);
  if (clientSecret !== undefined) body.set('client_secret', clientSecret);
  return { headers: {}, body };
}

/** As RFC 6749, 2.3.1, wants id and secret in the header. */
function formEncoded(text: string): string {
  return `${new URLSearchParams({ '': text })}`.slice(1);
}

/** An object, whatever came. */
async function answerOf(response: Response): Promise<JsonObject> {
  try {
    const text = await textOf(response);
    const answer = readJson(text);
    return isObject(answer) ? answer : {};
  } catch {
    return {};
  }
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > longestAnswer) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function tokensOf({ access_token, refresh_token, expires_in }: JsonObject): Tokens {
  const seconds = Number(expires_in ?? Number.NaN);
  return {
    accessToken: access_token as string,
    ...(typeof refresh_token === 'string' && { refreshToken: refresh_token }),
    ...(Number.isFinite(seconds) && seconds > 0 && { expiresIn: seconds }),
  };
}

function refusal(login: OAuth2Login, status: number, { error }: JsonObject): MillraceError {
  const code = typeof error === 'string' && /^[a-z_]{1,60}$/.test(error) ? error : undefined;
  if (code === undefined || !final.has(code))
    return unreachable(login, `answered ${status}${code ? ` (${code})` : ''}`);
  return new MillraceError('OAUTH2_REFUSED', `${hostOf(login)} ${reasons[code]} (${code}).`, {
    category: 'auth',
    details: { error: code },
  });
}

const reasons: Readonly<Record<string, string>> = {
  invalid_grant: 'does not accept what it has granted any more; authorise the connection again',
  invalid_client: 'does not accept the client; check its id, its secret and how they are sent',
  unauthorized_client: 'does not let this client log in so; allow the grant there',
  unsupported_grant_type: 'does not know this way to log in; choose another one',
  invalid_scope: 'does not grant this scope; check how it is written and what the client may have',
};

function unreachable(login: OAuth2Login, how: string): MillraceError {
  return new MillraceError(
    'OAUTH2_UNREACHABLE',
    `${hostOf(login)}, which gives the tokens, ${how}; it is asked again.`,
    {
      category: 'transient',
    },
  );
}

function hostOf({ tokenUrl }: OAuth2Login): string {
  return new URL(tokenUrl).host;
}
