import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { Trouble } from './polls.ts';
import type { SourceHold } from './source-leases.ts';

/** One alert per trouble, from its first failure until it is over, however often it is raised. */
export async function raiseSourceAlert(
  tx: Tx,
  { tenant, environment, flowId, node }: SourceHold,
  { failures, since }: Trouble,
  reason: string,
): Promise<void> {
  const incident = `source ${environment} ${flowId} ${node} ${since.toISOString()}`;
  const message = `“${node}” could not be polled ${failures} times in a row: ${reason}`;
  await sql`
    insert into millrace.alert (tenant_id, incident, code, severity, message, flow_id)
    values (${tenant}, ${incident}, 'SOURCE_FAILING', 'warning', ${message}, ${flowId})
    on conflict (tenant_id, incident) do nothing`.execute(tx);
}
