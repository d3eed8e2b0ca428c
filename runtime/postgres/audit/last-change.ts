import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { AuditEntry } from './entries.ts';

/** Who has done it to something last, and when. @param environment `''` of what is one for all */
export async function lastChange(
  tx: Tx,
  tenant: string,
  { target, action, environment }: { target: string; action: string; environment: string },
): Promise<Pick<AuditEntry, 'who' | 'at'> | undefined> {
  const { rows } = await sql<Pick<AuditEntry, 'who' | 'at'>>`
    select who, at from millrace.audit
    where tenant_id = ${tenant} and target = ${target} and action = ${action} and coalesce(environment, '') = ${environment}
    order by position desc limit 1`.execute(tx);
  return rows[0];
}
