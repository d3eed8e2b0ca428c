import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface FlowUses {
  /** In which it is deployed. */
  readonly environments: readonly string[];
  /** That have not ended. */
  readonly runs: number;
}

export async function flowUses(tx: Tx, flowId: string): Promise<FlowUses> {
  const { rows } = await sql<FlowUses>`
    select array(select environment from millrace.deployment where flow_id = ${flowId} order by environment) as environments,
      (select count(*) from millrace.run where flow_id = ${flowId} and finished_at is null) as runs`.execute(tx);
  return rows[0] as FlowUses;
}
