import { sql } from 'kysely';
import { noteChange } from '../audit/note-change.ts';
import type { Tx } from '../database.ts';
import type { FlowPlace } from '../flows/flow-place.ts';

/** How long finished runs are kept; how long each is, the instance's settings say. */
export const retentionClasses = ['short', 'normal', 'long'] as const;
export type RetentionClass = (typeof retentionClasses)[number];

/** Runs of the flow that leave the live tables from now on are kept so long. False where the flow is not deployed. */
export async function setRetention(
  tx: Tx,
  { environment, flowId }: Pick<FlowPlace, 'environment' | 'flowId'>,
  retention: RetentionClass,
): Promise<boolean> {
  const { rows } = await sql<{ tenant: string; was: string }>`
    update millrace.deployment set retention = ${retention}
    where environment = ${environment} and flow_id = ${flowId}
    returning tenant_id as tenant, old.retention as was`.execute(tx);
  const [found] = rows;
  if (!found) return false;
  const { tenant, was } = found;
  const values = { before: { retention: was }, after: { retention } };
  await noteChange(tx, { tenant, environment, action: 'retention.set', target: `flows/${flowId}`, ...values });
  return true;
}

/** The class of a deployed flow. */
export async function loadRetention(
  tx: Tx,
  { environment, flowId }: Pick<FlowPlace, 'environment' | 'flowId'>,
): Promise<RetentionClass | undefined> {
  const { rows } = await sql<{ retention: RetentionClass }>`
    select retention from millrace.deployment where environment = ${environment} and flow_id = ${flowId}`.execute(tx);
  return rows[0]?.retention;
}

/** The classes of all deployed flows. */
export async function listRetention(
  tx: Tx,
  environment: string,
): Promise<{ readonly flowId: string; readonly retention: RetentionClass }[]> {
  const { rows } = await sql<{ flowId: string; retention: RetentionClass }>`
    select flow_id as "flowId", retention from millrace.deployment where environment = ${environment}
    order by flow_id`.execute(tx);
  return rows;
}
