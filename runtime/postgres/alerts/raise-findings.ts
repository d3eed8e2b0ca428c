import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { rows } from '../json.ts';

export interface Incident {
  readonly tenant: string;
  /** Names what is wrong; unique in the tenant. */
  readonly incident: string;
}

/** Something that is wrong now. As long as it is found again it is the same incident. */
export interface Finding extends Incident {
  readonly code: string;
  readonly severity: 'warning' | 'high';
  /** One sentence. */
  readonly message: string;
  readonly flowId?: string;
}

/** Raises an alert for each finding that has none yet. */
export async function raiseFindings(tx: Tx, findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return;
  await sql`
    insert into millrace.alert (tenant_id, incident, code, severity, message, flow_id)
    select tenant, incident, code, severity, message, "flowId" from json_to_recordset(${rows(findings)}) as new
      (tenant uuid, incident text, code text, severity text, message text, "flowId" text)
    on conflict (tenant_id, incident) do nothing`.execute(tx);
}

/** Closes the alerts of these codes whose incident does not go on. */
export async function closeOthers(tx: Tx, codes: readonly string[], goingOn: readonly Incident[]): Promise<void> {
  const found = goingOn.map(({ tenant, incident }) => ({ tenant, incident }));
  await sql`
    update millrace.alert set closed_at = millrace.now(), incident = null
    where closed_at is null and code = any(${codes})
      and (tenant_id, incident) not in (
        select tenant, incident from json_to_recordset(${rows(found)}) as found (tenant uuid, incident text))`.execute(
    tx,
  );
}
