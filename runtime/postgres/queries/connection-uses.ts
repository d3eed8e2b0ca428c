import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** Where a deployment uses a connection. */
export interface ConnectionUse {
  /** Id of the flow. */
  readonly flow: string;
  readonly slot: string;
  readonly environment: string;
}

/** Connection id → where deployments use it. */
export async function connectionUses(tx: Tx): Promise<Map<string, ConnectionUse[]>> {
  const { rows } = await sql<ConnectionUse & { connection: string }>`
    select bound.value as connection, flow_id as flow, bound.key as slot, environment
    from millrace.deployment, json_each_text(connections) as bound
    order by environment, flow_id, bound.key`.execute(tx);
  const uses = new Map<string, ConnectionUse[]>();
  for (const { connection, ...use } of rows) uses.set(connection, [...(uses.get(connection) ?? []), use]);
  return uses;
}

/** Runs that have not ended, and were started while their flow used the connection. */
export interface RunsUsing extends ConnectionUse {
  readonly runs: number;
}

export async function runsUsing(tx: Tx, connection: string): Promise<RunsUsing[]> {
  const { rows } = await sql<RunsUsing>`
    select flow_id as flow, bound.key as slot, environment, count(*) as runs
    from millrace.run, json_each_text(connections) as bound
    where status in ('running', 'waiting') and bound.value = ${connection}
    group by flow_id, bound.key, environment order by environment, flow_id, bound.key`.execute(tx);
  return rows;
}
