import { sql } from 'kysely';
import { noteChange } from '../audit/note-change.ts';
import type { Tx } from '../database.ts';

/** Somebody has seen the alert; the first who says so counts. False where there is no such alert. */
export async function acknowledgeAlert(tx: Tx, id: string, by: string): Promise<boolean> {
  const { rows } = await sql<{ tenant: string; before: string | null; after: string }>`
    update millrace.alert set
      acknowledged_at = coalesce(acknowledged_at, millrace.now()), acknowledged_by = coalesce(acknowledged_by, ${by})
    where id = ${id}
    returning tenant_id as tenant, old.acknowledged_by as before, acknowledged_by as after`.execute(tx);
  const [found] = rows;
  if (!found) return false;
  const { tenant, before, after } = found;
  const values = { before: { acknowledgedBy: before }, after: { acknowledgedBy: after } };
  await noteChange(tx, { tenant, action: 'alerts.acknowledge', target: `alerts/${id}`, ...values });
  return true;
}
