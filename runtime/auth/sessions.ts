import type { Database } from '../postgres/database.ts';
import { tenantById } from '../postgres/queries/tenant-by-id.ts';
import { type SignInRules, signInRules } from '../postgres/tenants/sign-in-rules.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { Caller } from './auth.ts';
import type { BetterAuth, NewSession } from './better-auth.ts';
import { sessionRights } from './session-rights.ts';
import { memberRole } from './tenant-accounts.ts';

/** Sessions of people, each for one tenant or none. */
export interface Sessions {
  /** Answers the `Set-Cookie` header. */
  start(session: NewSession): Promise<string>;
  /** Whom a session belongs to, with what it allows now; nothing where it opens nothing. */
  whose(cookie: string): Promise<Caller | undefined>;
  /** Answers the `Set-Cookie` header that takes the cookie away. */
  end(cookie: string | undefined): Promise<string>;
  /** Ends all sessions of a person but this one. */
  endOthers(userId: string, cookie: string | undefined): Promise<void>;
  endAll(userId: string): Promise<void>;
}

/** A tenant with how its members sign in. */
export interface RuledTenant {
  readonly tenant: Tenant;
  readonly rules: SignInRules;
}

/** Nothing where there is no such tenant. */
export function ruledTenant(database: Database, id: string): Promise<RuledTenant | undefined> {
  return database.asScanner(async (tx) => {
    const [tenant, rules] = await Promise.all([tenantById(tx, id), signInRules(tx, id)]);
    return tenant && rules && { tenant, rules };
  });
}

/** @param forget is called when something opens nothing any more */
export function openSessions(auth: BetterAuth, database: Database, forget: () => void): Sessions {
  return {
    async start(body) {
      const { headers } = await auth.api.startSession({ body, returnHeaders: true });
      return headers.get('set-cookie') as string;
    },
    async whose(cookie) {
      const found = await auth.api.getSession({ headers: new Headers({ cookie }) });
      if (!found) return undefined;
      const { id, name, instanceOwner, twoFactorEnabled } = found.user;
      const { activeOrganizationId: tenantId, bySingleSignOn } = found.session;
      const role = tenantId ? await memberRole(auth, tenantId, id) : undefined;
      const ruled = tenantId && role !== undefined ? await ruledTenant(database, tenantId) : undefined;
      const secondFactor = twoFactorEnabled === true;
      const shown = { role, instanceOwner, secondFactor, bySingleSignOn: bySingleSignOn === true };
      const rights = sessionRights(shown, ruled?.rules);
      if (rights.roles.length === 0 && rights.actions.length === 0) return undefined;
      const opensTenant = rights.actions.length > 0 || rights.roles.some((given) => given !== 'owner');
      return {
        tenant: opensTenant ? ruled?.tenant : undefined,
        user: { name, secondFactor },
        author: { id, name },
        rights,
        by: 'cookie',
      };
    },
    async end(cookie) {
      const given = new Headers({ cookie: cookie ?? '' });
      const { headers } = await auth.api.signOut({ headers: given, returnHeaders: true });
      forget();
      return headers.get('set-cookie') as string;
    },
    async endOthers(userId, cookie) {
      const { internalAdapter } = await auth.$context;
      const own = await auth.api.getSession({ headers: new Headers({ cookie: cookie ?? '' }) });
      const tokens = (await internalAdapter.listSessions(userId)).map(({ token }) => token);
      const others = tokens.filter((token) => token !== own?.session.token);
      if (others.length > 0) await internalAdapter.deleteSessions(others);
      forget();
    },
    async endAll(userId) {
      const { internalAdapter } = await auth.$context;
      await internalAdapter.deleteUserSessions(userId);
      forget();
    },
  };
}
