import type { Database, Tx } from '../postgres/database.ts';
import {
  cutAudit,
  forgetOldLiveRuns,
  forgetOldRuns,
  forgetOldSteps,
  tenantsCuttingAudit,
} from '../postgres/history/forget-by-tenant.ts';
import { listTenants } from '../postgres/queries/list-tenants.ts';

/** Runs of one transaction. */
const batch = 100;

/** Forgets what tenants have said that they keep no longer: runs, what their steps got and gave, entries of the audit. */
export async function forgetByTenant(database: Database): Promise<void> {
  for (const tenants of await listTenants(database)) {
    for (const forget of [forgetOldRuns, forgetOldLiveRuns, forgetOldSteps])
      await untilNone(database, tenants, (tx) => forget(tx, batch));
    for (const tenant of await database.asTenants(tenants, tenantsCuttingAudit))
      await database.asTenants([tenant], (tx) => cutAudit(tx, tenant));
  }
}

async function untilNone(
  database: Database,
  tenants: readonly string[],
  forget: (tx: Tx) => Promise<number>,
): Promise<void> {
  while ((await database.asTenants(tenants, forget)) > 0);
}
