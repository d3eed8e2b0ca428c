import { randomUUID } from 'node:crypto';
import { MillraceError } from '@millrace/contract';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import pg from 'pg';
import type { Log } from '../log.ts';
import type { Author } from '../postgres/audit/author.ts';
import type { Database } from '../postgres/database.ts';
import { patience } from '../postgres/patience.ts';
import { tenantById } from '../postgres/queries/tenant-by-id.ts';
import { createTenant, type Tenant } from '../postgres/tenants/tenants.ts';
import type { MasterKey } from '../secrets/envelope.ts';
import { betterAuthOptions } from './better-auth.ts';
import { type Acceptance, type Invitations, openInvitations } from './invitations.ts';
import { type Keys, openKeys } from './keys.ts';
import { type Members, openMembers } from './members.ts';
import { verifyPassword } from './passwords.ts';
import { type Rights, rightsOf } from './rights.ts';
import { createShortMemory } from './short-memory.ts';
import { limited } from './sign-in.ts';
import { demoUser, ensureAccount, memberRole } from './tenant-accounts.ts';
import { requireUnknown } from './unknown-key.ts';

/** Whom a request comes from. */
export interface Caller {
  /** Nothing where somebody owns the instance and is signed in to no tenant. */
  readonly tenant: Tenant | undefined;
  /** The signed-in person; nobody where an API key speaks. */
  readonly user: { readonly name: string } | null;
  /** Of the person or the key, for the audit: its id, and what people call it. */
  readonly author: { readonly id: string; readonly name: string };
  readonly rights: Rights;
  /** A cookie is sent by browsers unasked, so that writes by it need a same-origin check. */
  readonly by: 'key' | 'cookie';
}

/** Somebody in a tenant. */
export interface Identity extends Caller {
  readonly tenant: Tenant;
}

export interface Auth {
  /** Whom the credentials belong to: `Authorization: Bearer`, `x-api-key`, or the session cookie, in this order. */
  authenticate(headers: Credentials): Promise<Caller | undefined>;
  readonly keys: Keys;
  readonly members: Members;
  readonly invitations: Pick<Invitations, 'invite' | 'inviteOwner'>;
  /**
   * Signs somebody in who shows the password; answers the `Set-Cookie` header. A session is for one tenant: the one that is
   * asked for, or the only one; that of an owner may be for none.
   * @throws {MillraceError} `SIGN_IN_REFUSED`, `SIGN_IN_TOO_OFTEN`, `TENANT_NEEDED`
   */
  signIn(signIn: SignIn, address: string | null): Promise<string>;
  /** Ends the session; answers the `Set-Cookie` header that takes the cookie away. */
  signOut(cookie: string | undefined): Promise<string>;
  /** Accepts an invitation and signs in. @throws {MillraceError} those of `Invitations.accept`, `SIGN_IN_TOO_OFTEN` */
  accept(acceptance: Acceptance, address: string | null): Promise<string>;
  /** A tenant with its own audit. @throws {MillraceError} `NAME_TAKEN` */
  createTenant(tenant: Pick<Tenant, 'slug' | 'name'>, author: Author): Promise<Tenant>;
  /** Signs the tenant's demo user in; returns the `Set-Cookie` header. */
  demoSession(tenant: Tenant): Promise<string>;
  close(): Promise<void>;
}

export interface SignIn {
  readonly email: string;
  readonly password: string;
  /** Its slug. */
  readonly tenant?: string | undefined;
}

export interface Credentials {
  readonly authorization?: string | undefined;
  readonly 'x-api-key'?: string | string[] | undefined;
  readonly cookie?: string | undefined;
}

export interface AuthOptions {
  /** Database, for a login that may create the schema `auth`. */
  readonly url: string;
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly publicUrl: string;
  readonly log: Log;
  /** After so long without an answer of the database somebody hears to come again (a minute). */
  readonly patienceMs?: number;
}

/** Any number, the same in every process: only one brings the tables up to date. */
const advisoryLock = 4_031_965;
/** For so long a revoked key or an ended session may still be answered. */
const rememberedMs = 5000;

/** Opens accounts, sessions and API keys: better-auth's tables live in the schema `auth`, made here where missing. */
export async function openAuth({ url, database, patienceMs, ...options }: AuthOptions): Promise<Auth> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 4,
    application_name: 'millrace auth',
    ...patience(patienceMs),
    options: '-c search_path=auth -c timezone=UTC',
  });
  // A connection that breaks is replaced by the pool, and a query under way rejects: the event itself needs no answer.
  pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined));
  const accounts = betterAuthOptions({ pool, ...options });
  await migrateAuth(url, async () => (await getMigrations(accounts)).runMigrations());
  const auth = betterAuth(accounts);

  const findTenant = (id: string) => database.asScanner((tx) => tenantById(tx, id));
  const { remember, forget } = createShortMemory<Caller | undefined>({
    ms: rememberedMs,
    entries: 10_000,
    now: Date.now,
  });
  const invitations = openInvitations(auth, database);

  return {
    authenticate(headers) {
      const key = keyIn(headers);
      if (key !== undefined) return remember(`key ${key}`, () => byKey(key));
      const { cookie } = headers;
      return cookie === undefined ? Promise.resolve(undefined) : remember(`cookie ${cookie}`, () => byCookie(cookie));
    },
    keys: openKeys(auth, database, forget),
    members: openMembers(auth, database, forget),
    invitations,
    signIn: ({ email, password, tenant }, address) =>
      limited(database, { email, address }, async () => {
        const userId = await verifyPassword(auth, email, password);
        return startSession(userId, await chosenTenant(userId, tenant));
      }),
    async signOut(cookie) {
      const { headers } = await auth.api.signOut({
        headers: new Headers({ cookie: cookie ?? '' }),
        returnHeaders: true,
      });
      forget();
      return headers.get('set-cookie') as string;
    },
    accept: (acceptance, address) =>
      limited(database, { email: `invitation ${acceptance.token}`, address }, async () => {
        const { userId, tenant } = await invitations.accept(acceptance, address);
        return startSession(userId, tenant);
      }),
    async createTenant({ slug, name }, author) {
      const id = randomUUID();
      const tenant = await database.by(author).asTenants([id], (tx) => createTenant(tx, { id, slug, name }));
      if (tenant) return tenant;
      throw new MillraceError('NAME_TAKEN', `There is a tenant “${slug}” already.`, { pointer: '/slug' });
    },
    async demoSession(tenant) {
      return startSession(await ensureAccount(auth, tenant, demoUser), tenant.id);
    },
    close: () => pool.end(),
  };

  async function byKey(key: string): Promise<Caller | undefined> {
    const verified = await auth.api.verifyApiKey({ body: { key } });
    if (verified.error?.code === 'INVALID_API_KEY') await requireUnknown(auth, key);
    if (!verified.valid || !verified.key) return undefined;
    const { referenceId, id, name, permissions } = verified.key;
    const tenant = await findTenant(referenceId);
    const author = { id, name: name ?? 'an API key' };
    return tenant && { tenant, user: null, author, rights: rightsOf(permissions), by: 'key' };
  }

  async function byCookie(cookie: string): Promise<Caller | undefined> {
    const found = await auth.api.getSession({ headers: new Headers({ cookie }) });
    if (!found) return undefined;
    const { id, name, instanceOwner } = found.user;
    const tenantId = found.session.activeOrganizationId;
    const role = tenantId ? await memberRole(auth, tenantId, id) : undefined;
    const tenant = tenantId && role !== undefined ? await findTenant(tenantId) : undefined;
    if (!tenant && !instanceOwner) return undefined;
    const { roles } = rightsOf({ roles: role === undefined ? [] : [role] });
    const rights = { roles: instanceOwner ? ([...roles, 'owner'] as const) : roles, actions: [] };
    return { tenant, user: { name }, author: { id, name }, rights, by: 'cookie' };
  }

  async function startSession(userId: string, organizationId: string | null): Promise<string> {
    const { headers } = await auth.api.startSession({ body: { userId, organizationId }, returnHeaders: true });
    return headers.get('set-cookie') as string;
  }

  /** Id of the tenant that a session is for. */
  async function chosenTenant(userId: string, slug: string | undefined): Promise<string | null> {
    const { adapter } = await auth.$context;
    const where = [{ field: 'userId', value: userId }];
    const memberships = await adapter.findMany<{ organizationId: string }>({ model: 'member', where, limit: 1000 });
    const found = await Promise.all(memberships.map(({ organizationId }) => findTenant(organizationId)));
    const tenants = found.filter((tenant) => tenant !== undefined);
    if (slug === undefined && tenants.length < 2) return tenants[0]?.id ?? null;
    const chosen = tenants.find((tenant) => tenant.slug === slug);
    if (chosen) return chosen.id;
    const slugs = tenants.map((tenant) => tenant.slug);
    throw new MillraceError('TENANT_NEEDED', `Say which tenant: ${slugs.join(', ') || 'you belong to none'}.`, {
      pointer: '/tenant',
      details: { tenants: slugs },
    });
  }
}

function keyIn(headers: Credentials): string | undefined {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const own = headers['x-api-key'];
  return bearer ?? (typeof own === 'string' && own !== '' ? own : undefined);
}

async function migrateAuth(url: string, run: () => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'millrace migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [advisoryLock]);
    await client.query('create schema if not exists auth');
    await run();
  } finally {
    await client.end();
  }
}
