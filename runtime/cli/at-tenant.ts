import { loadConfig } from '../config/load.ts';
import type { Foundation } from '../engine/engine.ts';
import { createLog } from '../log.ts';
import type { ShippedTemplate } from '../templates/shipped.ts';
import { type TenantData, tenantData } from './at-database.ts';

/** An instance as one of its tenants sees it. */
export interface TenantAccess extends TenantData {
  /** What it changes it changes in the name of whoever has called the command. */
  readonly foundation: Foundation;
  /** In its own name: for what is no change, such as how a test went. */
  readonly instance: Foundation;
  /** The templates that come with Millrace. */
  readonly shipped: () => readonly ShippedTemplate[];
  /** Address of the database for a login that may make others. */
  readonly url: string;
}

/** Opens the instance, as configured, for one command. @throws {MillraceError} `TENANT_UNKNOWN` */
export async function atTenant<T>(slug: string, command: (access: TenantAccess) => Promise<T>): Promise<T> {
  const [{ openInstance }, { shipped }] = await Promise.all([import('../instance.ts'), import('../shipped.ts')]);
  const config = loadConfig(process.env, process.cwd());
  const instance = await openInstance({ config, log: createLog('error', process.stderr), withoutEngine: true });
  try {
    const data = await tenantData(instance.foundation.database, slug);
    const foundation = { ...instance.foundation, database: data.database };
    return await command({ ...data, foundation, instance: instance.foundation, url: instance.url, shipped });
  } finally {
    await instance.close();
  }
}
