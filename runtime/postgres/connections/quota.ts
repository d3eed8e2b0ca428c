import { sql } from 'kysely';
import { noteChange } from '../audit/note-change.ts';
import type { Tx } from '../database.ts';

/** How many connections a tenant has, of how many it may have. */
export interface ConnectionQuota {
  readonly used: number;
  readonly limit: number;
}

/** Of a single tenant, that of the transaction. */
export async function readQuota(tx: Tx, tenant: string): Promise<ConnectionQuota> {
  const { rows } = await sql<ConnectionQuota>`
    select (select count(*) from millrace.connection where tenant_id = ${tenant}) as used, connection_quota as limit
    from millrace.tenant where id = ${tenant}`.execute(tx);
  return rows[0] as ConnectionQuota;
}

export async function setQuota(tx: Tx, tenant: string, limit: number): Promise<void> {
  const { rows } = await sql<{ before: number }>`
    update millrace.tenant set connection_quota = ${limit} where id = ${tenant}
    returning old.connection_quota as before`.execute(tx);
  const values = { before: { connections: rows[0]?.before }, after: { connections: limit } };
  await noteChange(tx, { tenant, action: 'tenants.limit', target: 'tenant', ...values });
}
