import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { FlowPlace } from './flow-place.ts';

/**
 * Nobody takes the flow's runs from now on. However many there are, none is touched: whoever takes one looks at its flow,
 * and what is ready is held back later (`hold-back.ts`). False where the flow is not deployed.
 */
export async function pauseFlow(tx: Tx, flow: FlowPlace): Promise<boolean> {
  const { rows } = await sql`
    update millrace.deployment set paused_at = coalesce(paused_at, millrace.now())
    where ${isOf(flow)} returning flow_id`.execute(tx);
  return rows.length > 0;
}

/** The flow's runs may be taken; those that were held back are let go later (`let-go.ts`). False where it is not deployed. */
export async function resumeFlow(tx: Tx, flow: FlowPlace): Promise<boolean> {
  const { rows } = await sql`
    update millrace.deployment set paused_at = null where ${isOf(flow)} returning flow_id`.execute(tx);
  return rows.length > 0;
}

function isOf({ tenant, environment, flowId }: FlowPlace) {
  return sql`(tenant_id, environment, flow_id) = (${tenant}, ${environment}, ${flowId})`;
}

/** The flow of `run`, in a statement about runs, is paused. */
export const flowIsPaused = sql`
  exists (
    select from millrace.deployment
    where (tenant_id, environment, flow_id) = (run.tenant_id, run.environment, run.flow_id) and paused_at is not null)`;
