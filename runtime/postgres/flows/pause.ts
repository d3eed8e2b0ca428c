import { sql } from 'kysely';
import { noteChange } from '../audit/note-change.ts';
import type { Tx } from '../database.ts';
import type { FlowPlace } from './flow-place.ts';

/**
 * Nobody takes the flow's runs from now on. However many there are, none is touched: whoever takes one looks at its flow,
 * and what is ready is held back later (`hold-back.ts`). False where the flow is not deployed.
 */
export function pauseFlow(tx: Tx, flow: FlowPlace): Promise<boolean> {
  return setPaused(tx, flow, true);
}

/** The flow's runs may be taken; those that were held back are let go later (`let-go.ts`). False where it is not deployed. */
export function resumeFlow(tx: Tx, flow: FlowPlace): Promise<boolean> {
  return setPaused(tx, flow, false);
}

async function setPaused(tx: Tx, flow: FlowPlace, paused: boolean): Promise<boolean> {
  const { rows } = await sql<{ wasPaused: boolean }>`
    update millrace.deployment set paused_at = case when ${paused} then coalesce(paused_at, millrace.now()) end
    where ${isOf(flow)} returning old.paused_at is not null as "wasPaused"`.execute(tx);
  const [found] = rows;
  if (!found) return false;
  const { tenant, environment, flowId } = flow;
  const values = { before: { paused: found.wasPaused }, after: { paused } };
  await noteChange(tx, { tenant, environment, action: 'flows.pause', target: `flows/${flowId}`, ...values });
  return true;
}

function isOf({ tenant, environment, flowId }: FlowPlace) {
  return sql`(tenant_id, environment, flow_id) = (${tenant}, ${environment}, ${flowId})`;
}

/** The flow of `run`, in a statement about runs, is paused. */
export const flowIsPaused = sql`
  exists (
    select from millrace.deployment
    where (tenant_id, environment, flow_id) = (run.tenant_id, run.environment, run.flow_id) and paused_at is not null)`;
