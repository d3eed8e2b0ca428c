import { MillraceError } from '@millrace/contract';
import type { Auth } from '../auth/auth.ts';
import { loadConfig } from '../config/load.ts';
import { createLog } from '../log.ts';
import type { Database } from '../postgres/database.ts';
import { findTenant, type Tenant } from '../postgres/tenants/tenants.ts';
import type { MasterKeys } from '../secrets/envelope.ts';

/** Tenants and accounts of an instance. */
export interface Accounts {
  readonly auth: Auth;
  readonly database: Database;
  readonly masterKeys: MasterKeys;
  /** Under which browsers reach the instance. */
  readonly url: string;
  /** @throws {MillraceError} `TENANT_UNKNOWN` */
  tenant(slug: string): Promise<Tenant>;
}

/** Opens the accounts of the instance, as configured, for one command. */
export async function atAccounts<T>(command: (accounts: Accounts) => Promise<T>): Promise<T> {
  const { openInstance, publicUrlOf } = await import('../main.ts');
  const { openAuth } = await import('../auth/auth.ts');
  const config = loadConfig(process.env, process.cwd());
  const log = createLog('error', process.stderr);
  const instance = await openInstance({ config, log });
  const { database, masterKeys, network } = instance.foundation;
  const url = publicUrlOf(config);
  const auth = await openAuth({ url: instance.url, database, masterKeys, network, publicUrl: url, log });
  try {
    return await command({ auth, database, masterKeys, url, tenant: (slug) => tenantOf(database, slug) });
  } finally {
    await auth.close();
    await instance.close();
  }
}

async function tenantOf(database: Database, slug: string): Promise<Tenant> {
  const tenant = await database.asScanner((tx) => findTenant(tx, slug));
  if (tenant) return tenant;
  throw new MillraceError('TENANT_UNKNOWN', `There is no tenant “${slug}”.`, { category: 'not-found' });
}
