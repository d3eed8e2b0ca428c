import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import type { Owned } from './burst-writes.ts';

/** The incidents are over: the next one is an alert of its own. */
export async function closeAlerts(tx: Tx, over: readonly Owned<'closedAlerts'>[]): Promise<void> {
  if (over.length === 0) return;
  await sql`
    update millrace.alert set closed_at = millrace.now(), incident = null
    where (tenant_id, incident) in (
      select tenant, incident from json_to_recordset(${rows(over)}) as over (tenant uuid, incident text))`.execute(tx);
}
