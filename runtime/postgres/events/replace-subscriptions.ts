import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { FlowPlace } from '../flows/flow-place.ts';
import { rows } from '../json.ts';

export interface NewSubscription {
  readonly node: string;
  readonly topic: string;
}

/** The subscriptions of a deployment in place of those before it. */
export async function replaceSubscriptions(
  tx: Tx,
  { tenant, environment, flowId }: FlowPlace,
  subscriptions: readonly NewSubscription[],
): Promise<void> {
  await sql`
    delete from millrace.event_subscription where environment = ${environment} and flow_id = ${flowId}`.execute(tx);
  await sql`
    insert into millrace.event_subscription (tenant_id, environment, flow_id, node, topic)
    select ${tenant}::uuid, ${environment}, ${flowId}, node, topic
    from json_to_recordset(${rows(subscriptions)}) as new (node text, topic text)`.execute(tx);
}
