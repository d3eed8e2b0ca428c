import { hkdfSync } from 'node:crypto';
import { apiKey } from '@better-auth/api-key';
import type { BetterAuthOptions, betterAuth } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { organization } from 'better-auth/plugins/organization';
import type pg from 'pg';
import type { Log } from '../log.ts';
import type { MasterKey } from '../secrets/envelope.ts';

export interface Accounts {
  readonly pool: pg.Pool;
  readonly masterKey: MasterKey;
  /** Address under which browsers reach the instance; `https:` makes cookies secure. */
  readonly publicUrl: string;
  readonly log: Log;
}

const week = 7 * 24 * 3600;

/**
 * better-auth over our Postgres. Its organisations are our tenants, with the same ids, so that an API key's owner and a
 * session's active organisation *are* tenant ids. Its own HTTP routes are not served; only its functions are called.
 */
export function betterAuthOptions({ pool, masterKey, publicUrl, log }: Accounts) {
  return {
    appName: 'Millrace',
    baseURL: publicUrl,
    database: pool,
    secret: sessionSecret(masterKey),
    telemetry: { enabled: false },
    logger: { log: (level, message) => log[level]({ of: 'better-auth' }, message) },
    user: { additionalFields: { instanceOwner: { type: 'boolean', defaultValue: false, input: false } } },
    session: { expiresIn: week, disableSessionRefresh: true },
    advanced: {
      cookiePrefix: 'millrace',
      useSecureCookies: publicUrl.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'strict' },
      // Forwarded headers can be forged by anybody, and no proxy is trusted.
      ipAddress: { ipAddressHeaders: [], disableIpTracking: true },
    },
    plugins: [organization(), apiKeys(), sessionStarter()],
  } satisfies BetterAuthOptions;
}

export type BetterAuth = ReturnType<typeof betterAuth<ReturnType<typeof betterAuthOptions>>>;

/** A key of its own for cookies, derived from the master key: neither tells anything about the other. */
function sessionSecret(masterKey: MasterKey): string {
  return Buffer.from(hkdfSync('sha256', masterKey.key, '', 'millrace session cookies', 32)).toString('base64');
}

/** Hashed, owned by the tenant's organisation, and not counted: an interface may call as often as it needs to. */
function apiKeys() {
  return apiKey({
    references: 'organization',
    defaultPrefix: 'mr_',
    requireName: true,
    maximumNameLength: 100,
    rateLimit: { enabled: false },
  });
}

/** A session for a user without a password, for whoever has checked by other means that it may be given. */
function sessionStarter() {
  return {
    id: 'session-starter',
    endpoints: {
      startSession: createAuthEndpoint.serverOnly(
        { method: 'POST', metadata: { $Infer: { body: {} as { userId: string; organizationId: string | null } } } },
        async (ctx) => {
          const { userId, organizationId } = ctx.body;
          const { internalAdapter } = ctx.context;
          const user = await internalAdapter.findUserById(userId);
          if (!user) throw new Error('a session is started for a user that does not exist');
          const session = await internalAdapter.createSession(userId, false, { activeOrganizationId: organizationId });
          await setSessionCookie(ctx, { session, user });
          return ctx.json({ userId });
        },
      ),
    },
  };
}
