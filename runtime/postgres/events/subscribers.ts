import type { JsonObject } from '@millrace/contract';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** A deployed trigger that listens to a topic, with what its runs start from. */
export interface Subscriber {
  readonly flowId: string;
  readonly node: string;
  readonly version: string;
  readonly parameters: JsonObject;
  readonly connections: Readonly<Record<string, string>>;
}

/** Who listens to the topic in the environment, in a steady order. */
export async function findSubscribers(tx: Tx, environment: string, topic: string): Promise<Subscriber[]> {
  const { rows } = await sql<Subscriber>`
    select flow_id as "flowId", subscription.node, deployment.version, deployment.parameters, deployment.connections
    from millrace.event_subscription as subscription
    join millrace.deployment using (tenant_id, environment, flow_id)
    where environment = ${environment} and subscription.topic = ${topic}
    order by flow_id, subscription.node`.execute(tx);
  return rows;
}
