import { MillraceError } from '@millrace/contract';
import type { Database } from '../postgres/database.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { BetterAuth } from './better-auth.ts';
import { chooseTenant, type OwnTenant } from './choose-tenant.ts';
import type { Person } from './own-account.ts';
import { noteSignIn } from './session-notes.ts';
import { ruledTenant, type Sessions } from './sessions.ts';
import { tenantsOf } from './tenant-accounts.ts';

/** A session of a person. */
export interface OwnSession {
  readonly startedAt: Date;
  readonly endsAt: Date;
  /** The one that asks. */
  readonly current: boolean;
  /** Name of the tenant that it is for; nothing where it is for none. */
  readonly tenant: string | null;
}

/** Where else a person belongs, and where else the person is signed in. */
export interface OwnSessions {
  list(person: Person): Promise<OwnSession[]>;
  /** Ends all but the one that asks. */
  endOthers(person: Person): Promise<void>;
  /** Tenants that the person belongs to, by name. */
  tenants(person: Person): Promise<OwnTenant[]>;
  /**
   * Ends the session that asks, and begins one for another tenant; answers the `Set-Cookie` header.
   * @throws {MillraceError} `TENANT_NEEDED`, `PASSWORD_NOT_USED`; `SINGLE_SIGN_ON_ALONE` where a tenant's provider has let the
   *   person in, who speaks for that tenant alone
   */
  enter(person: Person, slug: string): Promise<string>;
}

export function openOwnSessions(auth: BetterAuth, database: Database, sessions: Sessions): OwnSessions {
  const current = async (person: Person) =>
    (await auth.api.getSession({ headers: new Headers({ cookie: person.cookie ?? '' }) }))?.session;

  const tenants = async ({ author }: Person) => (await openTenants(auth, database, author.id)).sort(byName);

  return {
    tenants,
    async list(person) {
      const { internalAdapter } = await auth.$context;
      const [own, all] = await Promise.all([current(person), internalAdapter.listSessions(person.author.id)]);
      const shown = all.map(async (session): Promise<OwnSession> => {
        const { activeOrganizationId: id } = session as { activeOrganizationId?: string | null };
        const ruled = id ? await ruledTenant(database, id) : undefined;
        return {
          startedAt: session.createdAt,
          endsAt: session.expiresAt,
          current: session.token === own?.token,
          tenant: ruled?.tenant.name ?? null,
        };
      });
      return (await Promise.all(shown)).sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
    },
    endOthers: ({ author, cookie }) => sessions.endOthers(author.id, cookie),
    async enter(person, slug) {
      if ((await current(person))?.bySingleSignOn === true) throw alone();
      const tenant = chooseTenant(await tenants(person), slug, { instanceOwner: false });
      if (!tenant) throw new Error('a tenant that was asked for is chosen or refused');
      await noteSignIn(database, person.author, tenant.id, 'password');
      await sessions.end(person.cookie);
      return sessions.start({ userId: person.author.id, organizationId: tenant.id });
    },
  };
}

/** Those that somebody belongs to, with whether a password opens them. */
export async function openTenants(auth: BetterAuth, database: Database, userId: string): Promise<OwnTenant[]> {
  const found = await Promise.all((await tenantsOf(auth, userId)).map((id) => ruledTenant(database, id)));
  return found.flatMap((ruled) => (ruled ? [{ ...ruled.tenant, passwords: ruled.rules.passwords }] : []));
}

function byName(a: Tenant, b: Tenant): number {
  return a.name.localeCompare(b.name);
}

function alone(): MillraceError {
  const message = 'Single sign-on opens this tenant alone. Sign out, and sign in to the other one.';
  return new MillraceError('SINGLE_SIGN_ON_ALONE', message);
}
