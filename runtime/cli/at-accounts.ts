import type { Auth } from '../auth/auth.ts';
import { createLog } from '../log.ts';
import type { Database } from '../postgres/database.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { MasterKeys } from '../secrets/envelope.ts';
import { atDatabase, tenantNamed } from './at-database.ts';

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
  const [{ openAuth }, { guardedNetwork }, { openMasterKeys }, { publicUrlOf }] = await Promise.all([
    import('../auth/auth.ts'),
    import('../engine/guarded-fetch.ts'),
    import('../secrets/open-keys.ts'),
    import('../public-url.ts'),
  ]);
  return atDatabase(async ({ config, url: databaseUrl, database }) => {
    const masterKeys = await openMasterKeys(database, config);
    const network = guardedNetwork(config.privateAddresses);
    const url = publicUrlOf(config);
    const log = createLog('error', process.stderr);
    const auth = await openAuth({ url: databaseUrl, database, masterKeys, network, publicUrl: url, log });
    try {
      return await command({ auth, database, masterKeys, url, tenant: (slug) => tenantNamed(database, slug) });
    } finally {
      await auth.close();
    }
  });
}
