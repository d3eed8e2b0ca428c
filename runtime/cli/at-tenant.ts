import { userInfo } from 'node:os';
import { MillraceError } from '@millrace/contract';
import { loadConfig } from '../config/load.ts';
import type { Foundation } from '../engine/engine.ts';
import { createLog } from '../log.ts';
import type { Author } from '../postgres/audit/author.ts';
import type { Tx } from '../postgres/database.ts';
import { findTenant, type Tenant } from '../postgres/tenants/tenants.ts';
import type { ShippedTemplate } from '../templates/shipped.ts';

/** An instance as one of its tenants sees it. */
export interface TenantAccess {
  /** What it changes it changes in the name of whoever has called the command. */
  readonly foundation: Foundation;
  /** In its own name: for what is no change, such as how a test went. */
  readonly instance: Foundation;
  /** The templates that come with Millrace. */
  readonly shipped: () => readonly ShippedTemplate[];
  readonly tenant: Tenant;
  /** Address of the database for a login that may make others. */
  readonly url: string;
  /** Of the tenant. */
  readonly id: string;
  /** A transaction. Runs that it makes ready are found by the servers over the same database, within half a second. */
  work<T>(inside: (tx: Tx) => Promise<T>): Promise<T>;
}

/** Whoever calls a command: as this machine knows them. */
export function commandLine(): Author {
  return { who: userInfo().username, id: null, by: 'command line', address: null };
}

/** Opens the instance, as configured, for one command. @throws {MillraceError} `TENANT_UNKNOWN` */
export async function atTenant<T>(slug: string, command: (access: TenantAccess) => Promise<T>): Promise<T> {
  const { openInstance, shipped } = await import('../main.ts');
  const config = loadConfig(process.env, process.cwd());
  const instance = await openInstance({ config, log: createLog('error', process.stderr) });
  const foundation = { ...instance.foundation, database: instance.foundation.database.by(commandLine()) };
  try {
    const tenant = await foundation.database.asScanner((tx) => findTenant(tx, slug));
    if (!tenant) throw new MillraceError('TENANT_UNKNOWN', `There is no tenant “${slug}”.`, { category: 'not-found' });
    const { id } = tenant;
    return await command({
      foundation,
      instance: instance.foundation,
      url: instance.url,
      shipped,
      tenant,
      id,
      work: (inside) => foundation.database.asTenants([id], inside),
    });
  } finally {
    await instance.close();
  }
}
