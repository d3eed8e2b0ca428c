import { userInfo } from 'node:os';
import { MillraceError } from '@millrace/contract';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/settings.ts';
import { openInstanceDatabase } from '../instance-database.ts';
import type { Author } from '../postgres/audit/author.ts';
import type { Database, Tx } from '../postgres/database.ts';
import { findTenant, type Tenant } from '../postgres/tenants/tenants.ts';

/** The rows of an instance: for commands that need nothing of what works on them, and so are there at once. */
export interface DatabaseAccess {
  readonly config: Config;
  /** Address of the database for a login that may make others. */
  readonly url: string;
  readonly database: Database;
}

/** The rows of a tenant. */
export interface TenantData {
  /** What is changed in it is changed in the name of whoever has called the command. */
  readonly database: Database;
  readonly tenant: Tenant;
  /** Of the tenant. */
  readonly id: string;
  /** A transaction. Runs that it makes ready are found by the servers over the same database, within half a second. */
  work<T>(inside: (tx: Tx) => Promise<T>): Promise<T>;
}

/** Whoever calls a command: as this machine knows them. */
export function commandLine(): Author {
  return { who: userInfo().username, id: null, by: 'command line', address: null };
}

/** Opens the database of the instance, as configured, for one command. */
export async function atDatabase<T>(command: (access: DatabaseAccess) => Promise<T>): Promise<T> {
  const config = loadConfig(process.env, process.cwd());
  // What takes its time is told by who starts a server; a command's output is its own.
  const { url, database, close } = await openInstanceDatabase(config, () => undefined);
  try {
    return await command({ config, url, database });
  } finally {
    await close();
  }
}

/** The same for the rows of one tenant. @throws {MillraceError} `TENANT_UNKNOWN` */
export function atTenantData<T>(slug: string, command: (data: TenantData) => Promise<T>): Promise<T> {
  return atDatabase(async ({ database }) => command(await tenantData(database, slug)));
}

/** @throws {MillraceError} `TENANT_UNKNOWN` */
export async function tenantData(database: Database, slug: string): Promise<TenantData> {
  const named = database.by(commandLine());
  const tenant = await tenantNamed(database, slug);
  return { database: named, tenant, id: tenant.id, work: (inside) => named.asTenants([tenant.id], inside) };
}

/** @throws {MillraceError} `TENANT_UNKNOWN` */
export async function tenantNamed(database: Database, slug: string): Promise<Tenant> {
  const tenant = await database.asScanner((tx) => findTenant(tx, slug));
  if (tenant) return tenant;
  throw new MillraceError('TENANT_UNKNOWN', `There is no tenant “${slug}”.`, { category: 'not-found' });
}
