import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import pg from 'pg';
import type { Log } from '../log.ts';
import type { Database } from '../postgres/database.ts';
import { patience } from '../postgres/patience.ts';
import { tenantById } from '../postgres/queries/tenant-by-id.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { MasterKey } from '../secrets/envelope.ts';
import { betterAuthOptions } from './better-auth.ts';
import { type KeyScope, permissionsOf, type Rights, rightsOf } from './rights.ts';
import { createShortMemory } from './short-memory.ts';
import { demoUser, ensureAccount, memberRole, operator } from './tenant-accounts.ts';
import { requireUnknown } from './unknown-key.ts';

/** Whom a request comes from. */
export interface Identity {
  readonly tenant: Tenant;
  /** The signed-in person; nobody where an API key speaks. */
  readonly user: { readonly name: string } | null;
  /** Of the person or the key, for the audit: its id, and what people call it. */
  readonly author: { readonly id: string; readonly name: string };
  readonly rights: Rights;
  /** A cookie is sent by browsers unasked, so that writes by it need a same-origin check. */
  readonly by: 'key' | 'cookie';
}

export interface Auth {
  /** Whom the credentials belong to: `Authorization: Bearer`, `x-api-key`, or the session cookie, in this order. */
  authenticate(headers: Credentials): Promise<Identity | undefined>;
  /** A new key of the tenant; it is shown this once and stored hashed. */
  createApiKey(tenant: Tenant, key: NewKey): Promise<string>;
  /** Signs the tenant's demo user in; returns the `Set-Cookie` header. */
  demoSession(tenant: Tenant): Promise<string>;
  close(): Promise<void>;
}

export interface NewKey {
  /** What it is for. */
  readonly name: string;
  readonly scope: KeyScope;
  /** After so many days it opens nothing any more; from 1 to 365. Without it, it holds until it is revoked. */
  readonly days?: number | undefined;
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
/** Seconds. */
const day = 24 * 3600;

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
  const remember = createShortMemory<Identity | undefined>({ ms: rememberedMs, entries: 10_000, now: Date.now });

  return {
    authenticate(headers) {
      const key = keyIn(headers);
      if (key !== undefined) return remember(`key ${key}`, () => byKey(key));
      const { cookie } = headers;
      return cookie === undefined ? Promise.resolve(undefined) : remember(`cookie ${cookie}`, () => byCookie(cookie));
    },
    async createApiKey(tenant, { name, scope, days }) {
      const userId = await ensureAccount(auth, tenant, operator);
      const body = { name, userId, organizationId: tenant.id, permissions: permissionsOf(scope) };
      const created = await auth.api.createApiKey({
        body: { ...body, ...(days !== undefined && { expiresIn: days * day }) },
      });
      return created.key;
    },
    async demoSession(tenant) {
      const userId = await ensureAccount(auth, tenant, demoUser);
      const { headers } = await auth.api.startSession({
        body: { userId, organizationId: tenant.id },
        returnHeaders: true,
      });
      return headers.get('set-cookie') as string;
    },
    close: () => pool.end(),
  };

  async function byKey(key: string): Promise<Identity | undefined> {
    const verified = await auth.api.verifyApiKey({ body: { key } });
    if (verified.error?.code === 'INVALID_API_KEY') await requireUnknown(auth, key);
    if (!verified.valid || !verified.key) return undefined;
    const { referenceId, id, name, permissions } = verified.key;
    const tenant = await findTenant(referenceId);
    const author = { id, name: name ?? 'an API key' };
    return tenant && { tenant, user: null, author, rights: rightsOf(permissions), by: 'key' };
  }

  async function byCookie(cookie: string): Promise<Identity | undefined> {
    const found = await auth.api.getSession({ headers: new Headers({ cookie }) });
    const id = found?.session.activeOrganizationId;
    const role = found && id ? await memberRole(auth, id, found.user.id) : undefined;
    if (!found || !id || role === undefined) return undefined;
    const tenant = await findTenant(id);
    const { name } = found.user;
    const author = { id: found.user.id, name };
    return tenant && { tenant, user: { name }, author, rights: rightsOf({ roles: [role] }), by: 'cookie' };
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
