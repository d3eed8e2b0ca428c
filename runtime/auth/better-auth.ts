import { hkdfSync } from 'node:crypto';
import { apiKey } from '@better-auth/api-key';
import type { BetterAuthOptions, betterAuth } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { organization } from 'better-auth/plugins/organization';
import { twoFactor } from 'better-auth/plugins/two-factor';
import type pg from 'pg';
import type { Log } from '../log.ts';
import type { MasterKey, MasterKeys } from '../secrets/envelope.ts';
import { masterKeyFrom } from '../secrets/master-keys.ts';
import { accountsDialect, accountsSchema } from './accounts-dialect.ts';

export interface Accounts {
  readonly pool: pg.Pool;
  readonly masterKeys: Pick<MasterKeys, 'all'>;
  /** Address under which browsers reach the instance; `https:` makes cookies secure. */
  readonly publicUrl: string;
  readonly log: Log;
}

const week = 7 * 24 * 3600;

/**
 * better-auth over our Postgres. Its organisations are our tenants, with the same ids, so that an API key's owner and a
 * session's active organisation *are* tenant ids. Its own HTTP routes are not served; only its functions are called.
 */
export function betterAuthOptions({ pool, masterKeys, publicUrl, log }: Accounts) {
  return {
    appName: 'Millrace',
    baseURL: publicUrl,
    database: { dialect: accountsDialect(pool), type: 'postgres', schemaName: accountsSchema, transaction: true },
    secrets: masterKeys
      .all()
      .map((master) => ({ version: versionOf(masterKeyFrom(master.key).id), value: secretOf(master) })),
    telemetry: { enabled: false },
    logger: { log: (level, message) => log[level]({ of: 'better-auth' }, message) },
    user: { additionalFields: { instanceOwner: { type: 'boolean', defaultValue: false, input: false } } },
    session: {
      expiresIn: week,
      disableSessionRefresh: true,
      // Whether the tenant's own OpenID provider has let the person in.
      additionalFields: { bySingleSignOn: { type: 'boolean', required: false, input: false } },
    },
    advanced: {
      cookiePrefix: 'millrace',
      useSecureCookies: publicUrl.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'strict' },
      // Forwarded headers can be forged by anybody, and no proxy is trusted.
      ipAddress: { ipAddressHeaders: [], disableIpTracking: true },
    },
    plugins: [organization(), apiKeys(), twoFactor(), sessionStarter()],
  } satisfies BetterAuthOptions;
}

export type BetterAuth = ReturnType<typeof betterAuth<ReturnType<typeof betterAuthOptions>>>;

/**
 * A key of its own for cookies and second factors, derived from the master key: neither tells anything about the other. The
 * first signs and encrypts; what was encrypted under another one of them is read still.
 */
function secretOf({ key }: MasterKey): string {
  return Buffer.from(hkdfSync('sha256', key, '', 'millrace session cookies', 32)).toString('base64');
}

/** By which better-auth finds the key again under which something was encrypted: the first six bytes of its id. */
export function versionOf(keyId: string): number {
  return Number.parseInt(keyId.slice(0, 12), 16);
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

export interface NewSession {
  readonly userId: string;
  /** The tenant that it is for, and no other; nothing for who owns the instance and looks into none. */
  readonly organizationId: string | null;
  readonly bySingleSignOn?: boolean;
}

/** A session for a user without a password, for whoever has checked by other means that it may be given. */
function sessionStarter() {
  return {
    id: 'session-starter',
    endpoints: {
      startSession: createAuthEndpoint.serverOnly(
        { method: 'POST', metadata: { $Infer: { body: {} as NewSession } } },
        async (ctx) => {
          const { userId, organizationId: activeOrganizationId, bySingleSignOn = false } = ctx.body;
          const { internalAdapter } = ctx.context;
          const user = await internalAdapter.findUserById(userId);
          if (!user) throw new Error('a session is started for a user that does not exist');
          const session = await internalAdapter.createSession(userId, false, { activeOrganizationId, bySingleSignOn });
          await setSessionCookie(ctx, { session, user });
          return ctx.json({ token: session.token });
        },
      ),
    },
  };
}
