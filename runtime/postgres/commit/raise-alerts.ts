import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';
import type { Owned } from './burst-writes.ts';

/** One alert per incident, however often it is raised. */
export async function raiseAlerts(tx: Tx, alerts: readonly Owned<'alerts'>[]): Promise<void> {
  if (alerts.length === 0) return;
  await sql`
    insert into millrace.alert (tenant_id, incident, code, severity, message, run_id, flow_id)
    select tenant, incident, code, severity, message, run, "flowId" from json_to_recordset(${rows(alerts)}) as new
      (tenant uuid, incident text, code text, severity text, message text, run uuid, "flowId" text)
    on conflict (tenant_id, incident) do nothing`.execute(tx);
}
