import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';

export const clientId = 'millrace';
export const clientSecret = 'canary: of/the+client';

/** A provider of OAuth 2 (oidc-provider) at which whoever comes agrees, and a system that lets in who shows its tokens. */
export interface RunningProvider {
  readonly issuer: string;
  /** Base address of the system. */
  readonly system: string;
  /** How often tokens were asked for, by `grant_type`. */
  readonly asked: Map<string, number>;
  /** Tokens that the system was shown, and lets in no more. */
  readonly shown: Set<string>;
  readonly revoked: Set<string>;
  /** The provider forgets all that was granted to anybody. */
  forget(): void;
  /** Is away until this is called again with false. */
  away: boolean;
  stop(): void;
}

/** @param redirectUri where it sends browsers back to */
export async function startProvider(redirectUri: string): Promise<RunningProvider> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stored = new Map<string, Record<string, unknown>>();
  const provider = new Provider(issuer, configuration(redirectUri, stored));
  const running = {
    issuer,
    system: '',
    asked: new Map<string, number>(),
    shown: new Set<string>(),
    revoked: new Set<string>(),
    forget: () => stored.clear(),
    away: false,
  };
  provider.use(async (ctx, next) => {
    if (running.away) {
      ctx.status = 503;
      return;
    }
    if (ctx.path.startsWith('/interaction/')) return agree(provider, ctx);
    await next();
    const grant = ctx.path === '/token' && ctx.oidc?.params?.grant_type;
    if (grant) running.asked.set(String(grant), (running.asked.get(String(grant)) ?? 0) + 1);
  });
  server.on('request', provider.callback());
  const system = createServer((request, response) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    running.shown.add(token);
    void answer(response, token);
  });
  async function answer(response: ServerResponse, token: string): Promise<void> {
    const isLetIn = (await isValid(provider, token)) && !running.revoked.has(token);
    response.writeHead(isLetIn ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ echoed: token }));
  }
  await once(system.listen(0, '127.0.0.1'), 'listening');
  running.system = `http://127.0.0.1:${(system.address() as AddressInfo).port}`;
  return Object.assign(running, {
    stop() {
      for (const one of [server, system]) {
        one.close();
        one.closeAllConnections();
      }
    },
  });
}

async function isValid(provider: Provider, token: string): Promise<boolean> {
  const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
  return found !== undefined;
}

type Context = Parameters<Parameters<Provider['use']>[0]>[0];

/** Whoever comes signs in as somebody and agrees to all that is asked. */
async function agree(provider: Provider, ctx: Context): Promise<void> {
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  const accountId = 'somebody';
  const grant = new provider.Grant({ accountId, clientId: String(params.client_id) });
  grant.addOIDCScope(String(params.scope));
  const grantId = await grant.save();
  const result =
    params.scope === 'openid denied' ? { error: 'access_denied' } : { login: { accountId }, consent: { grantId } };
  ctx.respond = false;
  await provider.interactionFinished(ctx.req, ctx.res, result);
}

function configuration(redirectUri: string, stored: Map<string, Record<string, unknown>>): Configuration {
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
        response_types: ['code'],
        scope: 'openid offline_access denied',
      },
    ],
    scopes: ['openid', 'offline_access', 'denied'],
    cookies: { keys: ['a key of the cookies'] },
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    // A refresh token that is shown twice takes back all that was granted.
    rotateRefreshToken: true,
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    ttl: { AccessToken: 600, ClientCredentials: 600, RefreshToken: 3600, Grant: 3600, Session: 3600, Interaction: 600 },
    adapter: (model: string) => memoryAdapter(model, stored),
  };
}

/** As the provider's own, with a memory that can be wiped. */
function memoryAdapter(model: string, stored: Map<string, Record<string, unknown>>) {
  const key = (id: string) => `${model}:${id}`;
  const find = (fits: (payload: Record<string, unknown>) => boolean) =>
    [...stored].find(([name, payload]) => name.startsWith(`${model}:`) && fits(payload))?.[1];
  return {
    upsert: async (id: string, payload: object) => void stored.set(key(id), { ...payload }),
    find: async (id: string) => stored.get(key(id)),
    findByUserCode: async (userCode: string) => find((payload) => payload.userCode === userCode),
    findByUid: async (uid: string) => find((payload) => payload.uid === uid),
    consume: async (id: string) => {
      const payload = stored.get(key(id));
      if (payload) payload.consumed = Math.floor(Date.now() / 1000);
    },
    destroy: async (id: string) => void stored.delete(key(id)),
    revokeByGrantId: async (grantId: string) => {
      for (const [name, payload] of stored) if (payload.grantId === grantId) stored.delete(name);
    },
  };
}
