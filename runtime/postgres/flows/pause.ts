import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface PausedFlow {
  readonly environment: string;
  readonly flowId: string;
}

/** Nobody takes the flow's runs from now on: what comes is stored and held. False where the flow is not deployed. */
export async function pauseFlow(tx: Tx, { environment, flowId }: PausedFlow): Promise<boolean> {
  const { rows } = await sql`
    update millrace.deployment set paused_at = coalesce(paused_at, millrace.now())
    where environment = ${environment} and flow_id = ${flowId} returning flow_id`.execute(tx);
  await hold(tx, { environment, flowId }, true);
  return rows.length > 0;
}

/** All that was held goes on. False where the flow is not deployed. */
export async function resumeFlow(tx: Tx, { environment, flowId }: PausedFlow): Promise<boolean> {
  const { rows } = await sql`
    update millrace.deployment set paused_at = null
    where environment = ${environment} and flow_id = ${flowId} returning flow_id`.execute(tx);
  await hold(tx, { environment, flowId }, false);
  return rows.length > 0;
}

async function hold(tx: Tx, { environment, flowId }: PausedFlow, held: boolean): Promise<void> {
  await sql`
    update millrace.run set held = ${held}
    where id in (
      select id from millrace.run
      where environment = ${environment} and flow_id = ${flowId} and status in ('running', 'waiting') and not cancel
      order by id for update)`.execute(tx);
}
