import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface FlowRow {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly updatedAt: Date;
  readonly description: string | null;
  /** The version that the draft would be; null where that was never found out. */
  readonly content: string | null;
  readonly deployedVersion: string | null;
  readonly deployedAt: Date | null;
}

/** All flows of the tenant with what is deployed of them in the environment, by name. */
export async function listFlows(tx: Tx, environment: string): Promise<FlowRow[]> {
  const { rows } = await sql<FlowRow>`
    select flow.id, flow.name, flow.revision, flow.updated_at as "updatedAt",
      flow.draft -> 'flow' ->> 'description' as description, flow.content,
      deployment.version as "deployedVersion", deployment.deployed_at as "deployedAt"
    from millrace.flow
    left join millrace.deployment on deployment.tenant_id = flow.tenant_id and deployment.flow_id = flow.id
      and deployment.environment = ${environment}
    order by lower(flow.name), flow.id`.execute(tx);
  return rows;
}
