import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** Connection id → ids of the flows whose deployments use it. */
export async function connectionUses(tx: Tx): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ connection: string; flows: string[] }>`
    select bound.value as connection, array_agg(distinct deployment.flow_id order by deployment.flow_id) as flows
    from millrace.deployment, json_each_text(deployment.connections) as bound
    group by bound.value`.execute(tx);
  return new Map(rows.map(({ connection, flows }) => [connection, flows]));
}
