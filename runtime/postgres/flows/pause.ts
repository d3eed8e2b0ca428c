import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface PausedFlow {
  readonly tenant: string;
  readonly environment: string;
  readonly flowId: string;
}

/** Nobody takes the flow's runs from now on: what comes is stored and held. False where the flow is not deployed. */
export async function pauseFlow(tx: Tx, flow: PausedFlow): Promise<boolean> {
  const { rows } = await sql`
    update millrace.deployment set paused_at = coalesce(paused_at, millrace.now())
    where ${isOf(flow)} returning flow_id`.execute(tx);
  await hold(tx, flow, true);
  return rows.length > 0;
}

/** All that was held goes on. False where the flow is not deployed. */
export async function resumeFlow(tx: Tx, flow: PausedFlow): Promise<boolean> {
  const { rows } = await sql`
    update millrace.deployment set paused_at = null where ${isOf(flow)} returning flow_id`.execute(tx);
  await hold(tx, flow, false);
  return rows.length > 0;
}

async function hold(tx: Tx, flow: PausedFlow, held: boolean): Promise<void> {
  await sql`
    update millrace.run set held = ${held}
    where id in (
      select id from millrace.run
      where ${isOf(flow)} and status in ('running', 'waiting') and not cancel
      order by id for update)`.execute(tx);
}

function isOf({ tenant, environment, flowId }: PausedFlow) {
  return sql`(tenant_id, environment, flow_id) = (${tenant}, ${environment}, ${flowId})`;
}
