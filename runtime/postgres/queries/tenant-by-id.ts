import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { Tenant } from '../tenants/tenants.ts';

/** Scanner's transaction, since it is asked before a tenant is known. */
export async function tenantById(tx: Tx, id: string): Promise<Tenant | undefined> {
  const { rows } = await sql<Tenant>`
    select id, slug, name, time_zone as "timeZone", plan from millrace.tenant where id = ${id}`.execute(tx);
  return rows[0];
}
