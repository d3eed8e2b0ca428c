import { randomUUID } from 'node:crypto';
import { MillraceError, type Network } from '@millrace/contract';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import pg from 'pg';
import type { MailServer } from '../alerts/send-mail.ts';
import type { Log } from '../log.ts';
import type { Author } from '../postgres/audit/author.ts';
import type { Database } from '../postgres/database.ts';
import { patience } from '../postgres/patience.ts';
import { tenantById } from '../postgres/queries/tenant-by-id.ts';
import { createTenant, type Tenant } from '../postgres/tenants/tenants.ts';
import type { MasterKeys } from '../secrets/envelope.ts';
import { openSingleSignOn, type SingleSignOnDoor } from '../single-sign-on/single-sign-on.ts';
import { accountsRole, accountsSchema } from './accounts-dialect.ts';
import { createAfterwards } from './afterwards.ts';
import { betterAuthOptions } from './better-auth.ts';
import { chooseTenant } from './choose-tenant.ts';
import { type Acceptance, type Invitations, openInvitations } from './invitations.ts';
import { type Keys, openKeys } from './keys.ts';
import { type LostSecondFactors, openLostSecondFactors } from './lost-second-factors.ts';
import { type Members, openMembers } from './members.ts';
import { type OwnAccount, openOwnAccount } from './own-account.ts';
import { type OwnSessions, openOwnSessions, openTenants } from './own-sessions.ts';
import { verifyPassword } from './passwords.ts';
import { openResets, type Resets } from './resets.ts';
import { type Rights, rightsOf } from './rights.ts';
import { requireCode } from './second-factor.ts';
import { noteRefusal, noteSignIn } from './session-notes.ts';
import { openSessions, ruledTenant } from './sessions.ts';
import { createShortMemory } from './short-memory.ts';
import { limited } from './sign-in.ts';
import { demoUser, ensureAccount } from './tenant-accounts.ts';
import { requireUnknown } from './unknown-key.ts';

/** Whom a request comes from. */
export interface Caller {
  /** Nothing where somebody owns the instance and is signed in to no tenant. */
  readonly tenant: Tenant | undefined;
  /** The signed-in person; nobody where an API key speaks. */
  readonly user: { readonly name: string; readonly secondFactor: boolean } | null;
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
  readonly resets: Resets;
  readonly account: OwnAccount;
  readonly ownSessions: OwnSessions;
  readonly singleSignOn: SingleSignOnDoor;
  /**
   * Signs somebody in who shows the password, and the code where the account has a second factor; answers the `Set-Cookie`
   * header. A session is for one tenant: the one that is asked for, or the only one; that of an owner may be for none.
   * @throws {MillraceError} `SIGN_IN_REFUSED`, `SIGN_IN_TOO_OFTEN`, `CODE_NEEDED`, `CODE_REFUSED`, `TENANT_NEEDED`,
   *   `PASSWORD_NOT_USED`
   */
  signIn(signIn: SignIn, address: string | null): Promise<string>;
  /** Ends the session; answers the `Set-Cookie` header that takes the cookie away. */
  signOut(cookie: string | undefined): Promise<string>;
  /**
   * Accepts an invitation and signs in; not into a tenant that no password opens, where nothing is answered.
   * @throws {MillraceError} those of `Invitations.accept`, `SIGN_IN_TOO_OFTEN`
   */
  accept(acceptance: Acceptance, address: string | null): Promise<string | undefined>;
  readonly lostSecondFactors: LostSecondFactors;
  /** A tenant with its own audit. @throws {MillraceError} `NAME_TAKEN` */
  createTenant(tenant: Pick<Tenant, 'slug' | 'name'>, author: Author): Promise<Tenant>;
  /** How members sign in was changed: what is known of sessions is asked for again, here at once. */
  forget(): void;
  /** Signs the tenant's demo user in; returns the `Set-Cookie` header. */
  demoSession(tenant: Tenant): Promise<string>;
  close(): Promise<void>;
}

export interface SignIn {
  readonly email: string;
  readonly password: string;
  /** Of the second factor, or one of its backup codes. */
  readonly code?: string | undefined;
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
  readonly masterKeys: MasterKeys;
  /** Over which providers of single sign-on are asked. */
  readonly network: Network;
  /** Without one nobody is mailed a link for a new password. */
  readonly mailServer?: MailServer | undefined;
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
    options: '-c timezone=UTC',
  });
  // A connection that breaks is replaced by the pool, and a query under way rejects: the event itself needs no answer.
  pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined));
  const { masterKeys, network, mailServer, publicUrl, log } = options;
  const accounts = betterAuthOptions({ pool, masterKeys, publicUrl, log });
  await migrateAuth(url, async () => (await getMigrations(accounts)).runMigrations());
  const auth = betterAuth(accounts);

  const { remember, forget } = createShortMemory<Caller | undefined>({
    ms: rememberedMs,
    entries: 10_000,
    now: Date.now,
  });
  const afterwards = createAfterwards(log);
  const invitations = openInvitations(auth, database);
  const sessions = openSessions(auth, database, forget);
  const members = openMembers(auth, database, forget);

  return {
    authenticate(headers) {
      const key = keyIn(headers);
      if (key !== undefined) return remember(`key ${key}`, () => byKey(key));
      const { cookie } = headers;
      return cookie === undefined
        ? Promise.resolve(undefined)
        : remember(`cookie ${cookie}`, () => sessions.whose(cookie));
    },
    keys: openKeys(auth, database, forget),
    members,
    invitations,
    resets: openResets(auth, { database, members, sessions, afterwards, mailServer, publicUrl }),
    account: openOwnAccount(auth, database, sessions),
    ownSessions: openOwnSessions(auth, database, sessions),
    lostSecondFactors: openLostSecondFactors(auth, database),
    singleSignOn: openSingleSignOn({ auth, database, masterKeys, network, sessions, afterwards }),
    signIn: (given, address) =>
      limited(database, { email: given.email, address }, () => signIn(given, address)).catch((thrown: unknown) => {
        afterwards.do('noting a refusal', () => noteRefusedSignIn(given, address, thrown));
        throw thrown;
      }),
    signOut: (cookie) => sessions.end(cookie),
    accept: (acceptance, address) =>
      limited(database, { email: `invitation ${acceptance.token}`, address }, async () => {
        const { userId, tenant: organizationId } = await invitations.accept(acceptance, address);
        const ruled = organizationId === null ? undefined : await ruledTenant(database, organizationId);
        return ruled?.rules.passwords === false ? undefined : sessions.start({ userId, organizationId });
      }),
    forget,
    async createTenant({ slug, name }, author) {
      const id = randomUUID();
      const tenant = await database.by(author).asTenants([id], (tx) => createTenant(tx, { id, slug, name }));
      if (tenant) return tenant;
      throw new MillraceError('NAME_TAKEN', `There is a tenant “${slug}” already.`, { pointer: '/slug' });
    },
    async demoSession(tenant) {
      return sessions.start({ userId: await ensureAccount(auth, tenant, demoUser), organizationId: tenant.id });
    },
    async close() {
      await afterwards.settled();
      await pool.end();
    },
  };

  async function byKey(key: string): Promise<Caller | undefined> {
    const verified = await auth.api.verifyApiKey({ body: { key } });
    if (verified.error?.code === 'INVALID_API_KEY') await requireUnknown(auth, key);
    if (!verified.valid || !verified.key) return undefined;
    const { referenceId, id, name, permissions } = verified.key;
    const tenant = await database.asScanner((tx) => tenantById(tx, referenceId));
    const author = { id, name: name ?? 'an API key' };
    return tenant && { tenant, user: null, author, rights: rightsOf(permissions), by: 'key' };
  }

  async function signIn({ email, password, code, tenant: slug }: SignIn, address: string | null): Promise<string> {
    const userId = await verifyPassword(auth, email, password);
    await requireCode(auth, userId, code);
    const { internalAdapter } = await auth.$context;
    const user = (await internalAdapter.findUserById(userId)) as { name: string; instanceOwner?: boolean };
    const tenant = chooseTenant(await openTenants(auth, database, userId), slug, {
      instanceOwner: user.instanceOwner === true,
    });
    const author: Author = { who: user.name, id: userId, by: 'person', address };
    if (tenant) await noteSignIn(database, author, tenant.id, 'password');
    return sessions.start({ userId, organizationId: tenant?.id ?? null });
  }

  /** In the audit of each tenant that the account belongs to. Whoever has only to say more was not refused. */
  async function noteRefusedSignIn({ email, tenant }: SignIn, address: string | null, thrown: unknown): Promise<void> {
    if (!(thrown instanceof MillraceError) || !refusals.has(thrown.code)) return;
    const { internalAdapter } = await auth.$context;
    const found = await internalAdapter.findUserByEmail(email);
    if (!found) return;
    const tenants = (await openTenants(auth, database, found.user.id)).filter(
      ({ slug }) => tenant === undefined || slug === tenant,
    );
    await noteRefusal(
      database,
      tenants.map(({ id }) => id),
      { email: found.user.email, address, code: thrown.code },
    );
  }
}

const refusals = new Set(['SIGN_IN_REFUSED', 'CODE_REFUSED', 'PASSWORD_NOT_USED']);

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
    await client.query(`create schema if not exists ${accountsSchema}`);
    await run();
    await client.query(`grant usage on schema ${accountsSchema} to ${accountsRole}`);
    await client.query(
      `grant select, insert, update, delete on all tables in schema ${accountsSchema} to ${accountsRole}`,
    );
  } finally {
    await client.end();
  }
}
